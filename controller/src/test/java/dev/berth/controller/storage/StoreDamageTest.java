package dev.berth.controller.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One flipped bit anywhere in the files: the store refuses to open, or the bit meant nothing and
/// everything is there. Only the last transaction of the log cannot be told from a torn write: it
/// may be cut off, whole.
class StoreDamageTest {
  private static final String LAST = "k/last";

  @TempDir Path directory;

  /// The files of a store at rest.
  private static final class Stored {
    private final byte[] database;
    private final byte[] log;

    Stored(Path home) throws IOException {
      this.database = read(home, "berth.db");
      this.log = read(home, "berth.db-wal");
    }

    private static byte[] read(Path home, String name) throws IOException {
      Path file = home.resolve(name);
      return Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
    }
  }

  /// What a store holds after some creates, updates and deletes, and its files.
  ///
  /// @param revision of the newest write
  private record Subject(Stored files, Map<String, String> objects, long revision) {
    Map<String, String> withoutLast() {
      Map<String, String> before = new TreeMap<>(objects);
      before.remove(LAST);
      return before;
    }
  }

  private Path libraries() {
    return directory.resolve("lib");
  }

  private SqliteStore open(Path home) {
    return SqliteStore.open(home, libraries(), _ -> true);
  }

  private static Map<String, String> objects(Store store) {
    Map<String, String> found = new TreeMap<>();
    store
        .list("")
        .items()
        .forEach(
            v -> found.put(v.key(), v.revision() + new String(v.bytes(), StandardCharsets.UTF_8)));
    return found;
  }

  private static void write(Store store, String key, int number) {
    long at = store.get(key).map(Versioned::revision).orElse(Mutation.ABSENT);
    byte[] value = (number + "x".repeat(number * 7)).getBytes(StandardCharsets.UTF_8);
    store.commit(
        at != 0 && number % 4 == 0
            ? new Mutation.Delete(key, at, _ -> value)
            : new Mutation.Put(key, at, _ -> value));
  }

  /// @param checkpointed whether the log was moved into the database, as an orderly end does
  private Subject subject(boolean checkpointed) throws IOException {
    Path home = directory.resolve("subject-" + checkpointed);
    SqliteStore store = open(home);
    for (int i = 0; i < 120; i++) {
      write(store, "k/" + i % 30, i);
    }
    write(store, LAST, 1);
    Map<String, String> objects = objects(store);
    long revision = store.revision();
    if (checkpointed) {
      store.close();
    }
    Subject subject = new Subject(new Stored(home), objects, revision);
    if (!checkpointed) {
      store.close();
    }
    return subject;
  }

  private void flip(int times, long seed) throws IOException {
    try (Scratch scratch = new Scratch(directory, "damage")) {
      flip(scratch.path(), times, seed);
    }
  }

  private void flip(Path scratch, int times, long seed) throws IOException {
    Random random = new Random(seed);
    Subject log = subject(false);
    Subject database = subject(true);
    int[] counts = new int[3];
    for (int i = 0; i < times; i++) {
      Path home = Files.createDirectory(scratch.resolve("damaged-" + i));
      Subject subject = i % 2 == 0 ? log : database;
      byte[] db = subject.files().database.clone();
      byte[] wal = subject.files().log.clone();
      boolean inLog = wal.length > 0 && random.nextInt(8) > 0;
      byte[] target = inLog ? wal : db;
      int bit = random.nextInt(target.length * 8);
      target[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(home.resolve("berth.db"), db);
      Files.write(home.resolve("berth.db-wal"), wal);
      String where = "seed " + seed + ", flip " + i + ": bit " + bit + (inLog ? " of the log" : "");
      counts[look(home, subject, inLog, where)]++;
      remove(home);
    }
    System.err.println(
        times
            + " flips: "
            + counts[0]
            + " refused, "
            + counts[1]
            + " without effect, "
            + counts[2]
            + " cut the last transaction");
    assertTrue(counts[0] > times / 10, "too few were refused to mean anything");
  }

  private static void remove(Path home) throws IOException {
    try (Stream<Path> files = Files.list(home)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(home);
  }

  private int look(Path home, Subject subject, boolean inLog, String where) {
    try (Store store = open(home)) {
      Map<String, String> found = objects(store);
      if (inLog && found.equals(subject.withoutLast())) {
        return 2;
      }
      assertEquals(subject.objects(), found, where);
      assertTrue(store.revision() >= subject.revision(), where + ": revisions run backwards");
      return 1;
    } catch (StoreException e) {
      String said = String.valueOf(e.getMessage());
      assertTrue(said.contains("berth restore"), where + " does not say the way out: " + said);
      return 0;
    }
  }

  /// Does what the refusal says, as an operator would.
  @Test
  void aLogThatIsCutWhereTheRefusalSaysKeepsEveryWriteBeforeTheDamage() throws IOException {
    Subject subject = subject(false);
    byte[] wal = subject.files().log.clone();
    wal[wal.length / 2] ^= 1;
    Path home = Files.createDirectories(directory.resolve("data/store"));
    Files.write(home.resolve("berth.db"), subject.files().database);
    Files.write(home.resolve("berth.db-wal"), wal);
    String said = String.valueOf(assertThrows(StoreException.class, () -> open(home)).getMessage());
    assertTrue(said.contains("--data-dir " + directory.resolve("data")), said);
    Matcher advice = Pattern.compile("truncate -s (\\d+) (\\S+)").matcher(said);
    assertTrue(advice.find(), said);
    try (FileChannel log = FileChannel.open(Path.of(advice.group(2)), StandardOpenOption.WRITE)) {
      log.truncate(Long.parseLong(advice.group(1)));
    }
    try (Store store = open(home)) {
      Map<String, String> found = objects(store);
      assertFalse(found.isEmpty());
      assertTrue(store.revision() >= 50, "half of the writes were before the damage");
    }
  }

  /// The table forbids it, but a flipped bit in the row's own description does not ask.
  @Test
  void aRowWithoutAKeyIsDamage() throws Exception {
    Path home = Files.createDirectories(directory.resolve("data/store"));
    try (Connection db = DriverManager.getConnection("jdbc:sqlite:" + home.resolve("berth.db"));
        Statement sql = db.createStatement()) {
      sql.execute(
          "create table ev(rev integer primary key, prev integer not null, k text, v blob, crc"
              + " integer not null)");
      sql.execute("insert into ev values(1, 0, null, null, 0)");
    }
    String said = String.valueOf(assertThrows(StoreException.class, () -> open(home)).getMessage());
    assertTrue(said.contains("revision 1 has no key"), said);
  }

  @Test
  void aDamagedHeaderOfTheLogSaysThatAllOfItWouldBeLost() throws IOException {
    Subject subject = subject(false);
    byte[] wal = subject.files().log.clone();
    wal[0] ^= 1;
    Path home = Files.createDirectories(directory.resolve("data/store"));
    Files.write(home.resolve("berth.db"), subject.files().database);
    Files.write(home.resolve("berth.db-wal"), wal);
    String said = String.valueOf(assertThrows(StoreException.class, () -> open(home)).getMessage());
    assertTrue(said.contains("loses every write since it was last emptied"), said);
  }

  @Test
  void aFlippedBitIsRefusedOrMeansNothing() throws IOException {
    flip(500, 21);
  }

  @Test
  @Tag("long")
  void tenThousandFlippedBitsAreRefusedOrMeanNothing() throws IOException {
    flip(10_000, 22);
  }
}
