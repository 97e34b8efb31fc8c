package dev.berth.controller.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What of a Secret lies on the disk.
class SealedStoreTest {
  private static final String HUSH = "correct-horse-battery-staple";
  @TempDir Path directory;

  private Path keys() {
    return directory.resolve("pki/secrets.keys");
  }

  private SealedValues sealing() {
    return new SealedValues(keys(), key -> key.startsWith("secrets/"));
  }

  private SqliteStore open(Sealing sealing) {
    return SqliteStore.open(
        directory.resolve("store"), directory.resolve("lib"), _ -> true, sealing);
  }

  private static long put(Store store, String key, long expected, String text) {
    byte[] bytes = ("{\"text\":\"" + text + "\"}").getBytes(StandardCharsets.UTF_8);
    Outcome outcome = store.commit(new Mutation.Put(key, expected, _ -> bytes));
    return ((Outcome.Committed) outcome).change().revision();
  }

  private static String text(Store store, String key) {
    return store.get(key).orElseThrow().tree().path("text").asString("");
  }

  private boolean onDisk(String text) throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("store"))) {
      for (Path file : files.toList()) {
        if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text)) {
          return true;
        }
      }
      return false;
    }
  }

  @Test
  void neitherTheDatabaseNorItsLogHoldsASecret() throws Exception {
    try (SqliteStore store = open(sealing())) {
      put(store, "secrets/a/s", 0, HUSH);
      put(store, "configmaps/a/c", 0, "open-text");
      assertFalse(onDisk(HUSH));
      assertTrue(onDisk("open-text"));
      assertEquals(HUSH, text(store, "secrets/a/s"));
    }
    assertFalse(onDisk(HUSH));
    try (SqliteStore store = open(sealing())) {
      assertEquals(HUSH, text(store, "secrets/a/s"));
    }
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(keys())));
  }

  @Test
  void whatLayOpenIsSealedAtTheNextStartAndNoCopyStays() throws Exception {
    long revision = 0;
    try (SqliteStore store = open(Sealing.NONE)) {
      for (int i = 0; i < 50; i++) {
        revision = put(store, "secrets/a/s", revision, HUSH + "x".repeat(9_000));
        put(store, "configmaps/a/c" + i, 0, "open");
      }
      long gone = put(store, "secrets/a/gone", 0, HUSH);
      store.commit(new Mutation.Delete("secrets/a/gone", gone, _ -> new byte[0]));
    }
    assertTrue(onDisk(HUSH));
    try (SqliteStore store = open(sealing())) {
      assertFalse(onDisk(HUSH));
      assertEquals(revision, store.get("secrets/a/s").orElseThrow().revision());
      assertTrue(text(store, "secrets/a/s").startsWith(HUSH));
    }
    try (SqliteStore store = open(sealing())) {
      assertTrue(text(store, "secrets/a/s").startsWith(HUSH));
    }
  }

  @Test
  void aNewFirstKeySealsAllAnewAndTheOldOneMayGo() throws Exception {
    try (SqliteStore store = open(sealing())) {
      put(store, "secrets/a/s", 0, HUSH);
    }
    String old = Files.readString(keys());
    Path other = directory.resolve("other");
    String oldId = KeyFile.read(keys()).getFirst().id();
    KeyFile.create(other);
    List<String> lines = new ArrayList<>(Files.readAllLines(other));
    lines.add(old.strip());
    Files.write(keys(), lines);
    open(sealing()).close();
    assertFalse(onDisk("berth1:" + oldId));
    Files.write(keys(), lines.subList(0, 1));
    try (SqliteStore store = open(sealing())) {
      assertEquals(HUSH, text(store, "secrets/a/s"));
    }
  }

  @Test
  void withoutItsKeyAStoreIsNotOpenedAndNotChanged() throws Exception {
    try (SqliteStore store = open(sealing())) {
      put(store, "secrets/a/s", 0, HUSH);
    }
    String key = Files.readString(keys());
    String id = KeyFile.read(keys()).getFirst().id();
    Files.delete(keys());
    assertRefused(id, "is not there");
    assertFalse(Files.exists(keys()), "a new key was made over sealed values");
    String other = KeyFile.create(keys()).id();
    assertRefused(id, "holds " + other);
    Files.writeString(keys(), key);
    try (SqliteStore store = open(sealing())) {
      assertEquals(HUSH, text(store, "secrets/a/s"));
    }
  }

  private void assertRefused(String... words) {
    String message =
        String.valueOf(
            assertThrows(StoreException.class, () -> open(sealing()).close()).getMessage());
    for (String word : words) {
      assertTrue(message.contains(word), message);
    }
  }

  @Test
  void aValueOpensInItsOwnRowOnlyAndUnchanged() {
    SealedValues sealing = sealing();
    byte[] value = "{}".getBytes(StandardCharsets.UTF_8);
    byte[] sealed = sealing.seal("secrets/a/s", value);
    assertArrayEquals(value, sealing.open("secrets/a/s", sealed));
    assertThrows(StoreException.class, () -> sealing.open("secrets/a/t", sealed));
    for (int i = 16; i < sealed.length; i++) {
      byte[] changed = sealed.clone();
      changed[i] ^= 1;
      assertThrows(StoreException.class, () -> sealing.open("secrets/a/s", changed));
    }
    assertFalse(java.util.Arrays.equals(sealed, sealing.seal("secrets/a/s", value)));
  }

  @Test
  void aFileThatOthersReadOrThatHoldsNoKeyIsRefusedWithTheFix() throws Exception {
    KeyFile.create(keys());
    Files.setPosixFilePermissions(keys(), PosixFilePermissions.fromString("rw-r-----"));
    assertRefused("chmod 600");
    Files.setPosixFilePermissions(keys(), PosixFilePermissions.fromString("rw-------"));
    Files.writeString(keys(), "c2hvcnQ=\n");
    assertRefused("key 1 is not 32 bytes");
    Files.writeString(keys(), "");
    assertRefused("holds no key");
  }
}
