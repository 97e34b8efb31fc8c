package dev.berth.controller.storage;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// kill -9 of a process that creates, updates and deletes with several writers, again and again on
/// the same files. Each writer owns its keys, so per key the truth is what was acknowledged last,
/// or the one write after it that nobody was told of.
class StoreKillTest {
  private static final int WRITERS = 4;
  private static final int KEYS = 8;

  @TempDir Path directory;

  private static final Pattern LINE =
      Pattern.compile("([?!]) (\\S+) (\\d+) (true|false) (\\d+)\\.");

  /// One write of a key: a number that only grows, and whether the key is there after it.
  private record Known(long number, boolean there, long revision) {
    static final Known NOTHING = new Known(0, false, 0);
  }

  /// Runs in the child: says each write before it is asked for (`?`) and when it is acknowledged
  /// (`!`), as key, number, whether the key is there then, revision.
  static final class Writer {
    private Writer() {}

    public static void main(String[] arguments) {
      Path home = Path.of(arguments[0]);
      Store store = SqliteStore.open(home, home.resolve("lib"), _ -> true);
      long start = Long.parseLong(arguments[1]);
      PrintStream said = new PrintStream(new FileOutputStream(FileDescriptor.out), true);
      for (int w = 0; w < WRITERS; w++) {
        String prefix = "w" + w + "/";
        Thread.ofPlatform().start(() -> write(store, prefix, start, said));
      }
    }

    private static void write(Store store, String prefix, long start, PrintStream said) {
      for (long number = start; ; number++) {
        String key = prefix + number % KEYS;
        var found = store.get(key);
        boolean delete = found.isPresent() && number % 5 == 0;
        long at = found.map(Versioned::revision).orElse(Mutation.ABSENT);
        byte[] value = Long.toString(number).getBytes(StandardCharsets.UTF_8);
        said.println("? " + key + " " + number + " " + !delete + " 0.");
        Mutation mutation =
            delete
                ? new Mutation.Delete(key, at, _ -> value)
                : new Mutation.Put(key, at, _ -> value);
        if (store.commit(mutation) instanceof Outcome.Committed done) {
          said.println(
              "! " + key + " " + number + " " + !delete + " " + done.change().revision() + ".");
        }
      }
    }
  }

  @Test
  void aHundredKillsLoseNothing() throws Exception {
    kill(Integer.getInteger("berth.store.kills", 100), 11);
  }

  @Test
  @Tag("long")
  void aThousandKillsLoseNothing() throws Exception {
    kill(1_000, 12);
  }

  private void kill(int times, long seed) throws IOException, InterruptedException {
    Random random = new Random(seed);
    Map<String, Known> acknowledged = new HashMap<>();
    Map<String, Known> asked = new HashMap<>();
    long newest = 0;
    long start = 1;
    long writes = 0;
    for (int round = 0; round < times; round++) {
      String where = "seed " + seed + ", round " + round;
      long before = newest;
      long most = 0;
      for (String line : writeUntilKilled(start, 1 + random.nextInt(200))) {
        Matcher said = LINE.matcher(line);
        if (!said.matches()) {
          continue;
        }
        Known write =
            new Known(
                Long.parseLong(said.group(3)),
                said.group(4).equals("true"),
                Long.parseLong(said.group(5)));
        start = Math.max(start, write.number() + 1);
        if (said.group(1).equals("?")) {
          asked.put(said.group(2), write);
        } else {
          assertTrue(write.revision() > before, where + ": revisions run backwards");
          acknowledged.put(said.group(2), write);
          most = Math.max(most, write.revision());
          writes++;
        }
      }
      newest = verify(acknowledged, asked, where);
      assertTrue(most <= newest, where + ": the store forgot that it gave revision " + most);
    }
    System.err.println(times + " kills, " + writes + " acknowledged writes: nothing lost");
  }

  /// Returns the newest revision after the start.
  private long verify(Map<String, Known> acknowledged, Map<String, Known> asked, String where) {
    try (Store store = SqliteStore.open(directory, directory.resolve("lib"), _ -> true)) {
      asked.forEach(
          (key, last) -> {
            Known known = acknowledged.getOrDefault(key, Known.NOTHING);
            acknowledged.put(key, verify(store, key, known, last, where));
          });
      assertThrows(
          RevisionGoneException.class,
          () -> store.watch("", store.revision() - 1, () -> {}),
          "a watch from before the kill must list again, not miss something");
      return store.revision();
    }
  }

  /// What the key is now: from here on that is what must not be lost.
  private static Known verify(Store store, String key, Known known, Known asked, String where) {
    Optional<Versioned> found = store.get(key);
    String state = found.map(v -> new String(v.bytes(), StandardCharsets.UTF_8)).orElse("gone");
    boolean fits = state.equals(text(known)) || state.equals(text(asked));
    assertTrue(fits, where + ": " + key + " is " + state + ", was " + known + ", then " + asked);
    boolean backwards = found.filter(v -> v.revision() < known.revision()).isPresent();
    assertTrue(!backwards, where + ": " + key + " is at " + found + " after " + known);
    return state.equals(text(asked)) ? asked : known;
  }

  private static String text(Known known) {
    return known.there() ? Long.toString(known.number()) : "gone";
  }

  private List<String> writeUntilKilled(long start, int enough)
      throws IOException, InterruptedException {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                directory.toString(),
                Long.toString(start))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<String> acknowledged = new ArrayList<>();
    try (BufferedReader lines = child.inputReader()) {
      String line = lines.readLine();
      while (line != null && acknowledged.size() < enough) {
        acknowledged.add(line);
        line = lines.readLine();
      }
      // By its handle: destroying the Process itself would close what is still to be read.
      child.toHandle().destroyForcibly();
      while (line != null) {
        acknowledged.add(line);
        line = lines.readLine();
      }
    } finally {
      child.destroyForcibly().waitFor();
    }
    return acknowledged;
  }
}
