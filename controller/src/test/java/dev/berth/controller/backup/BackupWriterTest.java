package dev.berth.controller.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every image that a backup names is whole in it.
class BackupWriterTest {
  private static final String IMAGE = "default/digits";

  @TempDir Path directory;

  @BeforeEach
  void fill() throws IOException {
    byte[] store = new byte[300_000];
    new Random(1).nextBytes(store);
    Files.write(directory.resolve("store"), store);
    Files.writeString(directory.resolve("node-name"), "node");
    write("pki/ca.key", "key");
    write("pki/ca.key123.new", "half");
  }

  private void write(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  /// In the order of a push.
  private void push(String tag, String digest) throws IOException {
    write("blobs/sha256/" + digest, "layer");
    write("repositories/" + IMAGE + "/_manifests/sha256-" + digest, "manifest");
    write("repositories/" + IMAGE + "/_tags/" + tag, "sha256:" + digest);
  }

  private Map<String, String> backup(OutputStream out, ByteArrayOutputStream bytes)
      throws IOException {
    BackupWriter.write(
        new Contents(1, Instant.EPOCH, 0, true, 0),
        new BackupWriter.Sources(
            directory.resolve("store"),
            directory.resolve("pki"),
            directory.resolve("node-name"),
            directory.resolve("repositories"),
            directory.resolve("blobs")),
        out);
    Map<String, ByteArrayOutputStream> found = new TreeMap<>();
    BackupReader.read(
        Path.of("b.tgz"),
        new ByteArrayInputStream(bytes.toByteArray()),
        name -> found.computeIfAbsent(name, _ -> new ByteArrayOutputStream()));
    Map<String, String> texts = new TreeMap<>();
    found.forEach((name, text) -> texts.put(name, text.toString(StandardCharsets.ISO_8859_1)));
    return texts;
  }

  private static String tag(Map<String, String> found, String tag) {
    return found.getOrDefault("repositories/" + IMAGE + "/_tags/" + tag, "");
  }

  @Test
  void aTagMayEndLikeAFileThatIsBeingWritten() throws IOException {
    push("2.0.new", "aa");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Map<String, String> found = backup(bytes, bytes);
    assertEquals("sha256:aa", tag(found, "2.0.new"));
    assertTrue(found.containsKey("pki/ca.key"));
    assertFalse(found.containsKey("pki/ca.key123.new"));
  }

  @Test
  void whatIsPushedWhileItIsWrittenIsInItWholeOrNotAtAll() throws IOException {
    push("1", "aa");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    OutputStream pushing =
        new FilterOutputStream(bytes) {
          private boolean done;

          @Override
          public void write(byte[] part, int offset, int length) throws IOException {
            if (!done && bytes.size() > 20_000) {
              done = true;
              push("1", "bb");
            }
            bytes.write(part, offset, length);
          }
        };
    Map<String, String> found = backup(pushing, bytes);
    String digest = tag(found, "1").replace("sha256:", "");
    assertTrue(found.containsKey("repositories/" + IMAGE + "/_manifests/sha256-" + digest), digest);
    assertTrue(found.containsKey("blobs/sha256/" + digest), digest);
    assertEquals(
        "sha256:bb", Files.readString(directory.resolve("repositories/" + IMAGE + "/_tags/1")));
  }

  /// A push makes names that are renamed at once, and a tag may go: neither breaks a backup.
  @Test
  void aBackupGoesOnWhileNamesComeAndGo() throws Exception {
    push("v1", "0".repeat(64));
    AtomicBoolean over = new AtomicBoolean();
    Thread pushing =
        Thread.ofPlatform()
            .start(
                () -> {
                  Path tag = directory.resolve("repositories/" + IMAGE + "/_tags/passing");
                  while (!over.get()) {
                    try {
                      Files.writeString(tag.resolveSibling(".new1"), "sha256:" + "0".repeat(64));
                      Files.move(tag.resolveSibling(".new1"), tag);
                      Files.delete(tag);
                    } catch (IOException e) {
                      throw new UncheckedIOException(e);
                    }
                  }
                });
    try {
      for (int i = 0; i < 200; i++) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        assertTrue(backup(bytes, bytes).keySet().stream().anyMatch(n -> n.endsWith("_tags/v1")));
      }
    } finally {
      over.set(true);
      pushing.join();
    }
  }
}
