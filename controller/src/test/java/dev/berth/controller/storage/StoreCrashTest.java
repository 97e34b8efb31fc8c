package dev.berth.controller.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the store does after bad luck: kill -9, torn tails, flipped bits.
class StoreCrashTest {
  private static final int FRAME = 24 + 8192;

  @TempDir Path directory;

  /// Runs in a child JVM: writes forever and prints each acknowledged key.
  static final class Writer {
    private Writer() {}

    public static void main(String[] arguments) {
      Path home = Path.of(arguments[0]);
      Store store = SqliteStore.open(home, home.resolve("lib"), _ -> true);
      PrintStream said = new PrintStream(new FileOutputStream(FileDescriptor.out), true);
      for (int worker = 0; worker < 8; worker++) {
        String prefix = arguments[1] + "/w" + worker + "-";
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 0; ; i++) {
                    write(store, prefix + i);
                    said.println(prefix + i);
                  }
                });
      }
    }
  }

  private static void write(Store store, String key) {
    byte[] value = ("{\"k\":\"" + key + "\"}").getBytes(StandardCharsets.UTF_8);
    store.commit(new Mutation.Put(key, Mutation.ABSENT, _ -> value));
  }

  private Store open() {
    return SqliteStore.open(directory, directory.resolve("lib"), _ -> true);
  }

  @Test
  void killNineLosesNoAcknowledgedWrite() throws Exception {
    List<String> acknowledged = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      acknowledged.addAll(writeUntilKilled("round" + round, 200 + round * 300));
      try (Store store = open()) {
        for (String key : acknowledged) {
          assertTrue(store.get(key).isPresent(), key + " was acknowledged and is lost");
        }
      }
    }
  }

  private List<String> writeUntilKilled(String prefix, int enough)
      throws IOException, InterruptedException {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                directory.toString(),
                prefix)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<String> acknowledged = new ArrayList<>();
    try (BufferedReader lines = child.inputReader()) {
      String line = lines.readLine();
      while (line != null && acknowledged.size() < enough) {
        acknowledged.add(line);
        line = lines.readLine();
      }
    } finally {
      child.destroyForcibly().waitFor();
    }
    return acknowledged;
  }

  /// A log with `writes` transactions that were never checkpointed, as a kill leaves it.
  private Path logOf(int writes) throws IOException {
    Path copy = directory.resolve("copy");
    Files.createDirectories(copy);
    try (Store store = open()) {
      for (int i = 0; i < writes; i++) {
        write(store, "pods/p" + i);
      }
      for (String file : List.of("berth.db", "berth.db-wal")) {
        Files.copy(
            directory.resolve(file), copy.resolve(file), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    return copy;
  }

  private static void flip(Path file, long at) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      channel.read(one, at);
      one.put(0, (byte) (one.get(0) ^ 0x40)).rewind();
      channel.write(one, at);
    }
  }

  @Test
  void aTornTailIsCutOff() throws IOException {
    Path copy = logOf(20);
    Path wal = copy.resolve("berth.db-wal");
    try (FileChannel channel = FileChannel.open(wal, StandardOpenOption.WRITE)) {
      channel.truncate(Files.size(wal) - FRAME / 2);
    }
    try (Store store = SqliteStore.open(copy, directory.resolve("lib"), _ -> true)) {
      assertTrue(store.get("pods/p18").isPresent());
    }
  }

  @Test
  void aFlippedBitInTheMiddleOfTheLogIsRefused() throws IOException {
    Path copy = logOf(20);
    Path wal = copy.resolve("berth.db-wal");
    flip(wal, Files.size(wal) / 2);
    StoreException refused =
        assertThrows(
            StoreException.class,
            () -> SqliteStore.open(copy, directory.resolve("lib"), _ -> true).close());
    assertTrue(
        String.valueOf(refused.getMessage()).contains("damaged at frame"), refused.getMessage());
  }

  @Test
  void aFlippedBitInAStoredValueIsRefused() throws IOException {
    try (Store store = open()) {
      write(store, "pods/needle");
    }
    Path file = directory.resolve("berth.db");
    byte[] all = Files.readAllBytes(file);
    int at = new String(all, StandardCharsets.ISO_8859_1).indexOf("{\"k\":\"pods/needle");
    flip(file, at + 7);
    StoreException refused = assertThrows(StoreException.class, () -> open().close());
    assertTrue(String.valueOf(refused.getMessage()).contains("checksum"), refused.getMessage());
  }

  @Test
  void aSecondProcessOnTheSameStoreIsRefused() {
    try (Store first = open()) {
      StoreException refused = assertThrows(StoreException.class, this::open);
      assertTrue(String.valueOf(refused.getMessage()).contains("another controller"));
      assertEquals(0, first.list("pods/").items().size());
    }
  }
}
