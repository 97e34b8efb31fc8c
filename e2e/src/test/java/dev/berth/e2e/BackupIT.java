package dev.berth.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.e2e.TestHost.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/// A host is lost and comes back out of one file that was taken while it was written to.
class BackupIT extends WithHost {
  private static final String FILE = "berth.tar.gz";

  private int acknowledged;

  BackupIT() {
    super("backup");
  }

  @Override
  void prepare(TestHost host) throws IOException, InterruptedException {
    host.up().ok();
    host.buildBox("box:1");
    host.write(
        "digits.yaml", Spec.working().app().ingress("host: digits.localhost").manifest("digits"));
    host.berth("apply", "-f", "digits.yaml", "--timeout", "3m").ok();
  }

  @Test
  @Order(1)
  void aBackupIsTakenWhileWritesGoOn()
      throws IOException, InterruptedException, ExecutionException {
    AtomicBoolean done = new AtomicBoolean();
    AtomicInteger written = new AtomicInteger();
    ExecutorService writer = Executors.newSingleThreadExecutor();
    try {
      Future<?> writes = writer.submit(() -> write(done, written));
      TestHost.waitUntil("writes go on", () -> written.get() > 0 || writes.isDone());
      acknowledged = written.get();
      host().berth("backup", FILE).ok();
      done.set(true);
      writes.get();
      assertTrue(written.get() > acknowledged, "nothing was written meanwhile");
    } finally {
      writer.shutdownNow();
    }
    Path file = host().dir().resolve(FILE);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertFalse(Files.exists(host().dir().resolve(FILE + ".part")));
    assertTrue(acknowledged > 0);
  }

  private Void write(AtomicBoolean done, AtomicInteger written)
      throws IOException, InterruptedException {
    while (!done.get()) {
      StringBuilder some = new StringBuilder();
      for (int i = 0; i < 20; i++) {
        some.append("---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: w")
            .append(written.get() + i)
            .append("}\n");
      }
      host().write("writes.yaml", some.toString());
      host().berth("apply", "-f", "writes.yaml").ok();
      written.addAndGet(20);
    }
    return null;
  }

  @Test
  @Order(2)
  void aRunningBerthIsNotRestoredInto() throws IOException, InterruptedException {
    Ran refused = host().berth("restore", FILE, "--force");

    assertEquals(1, refused.code(), refused::toString);
    assertTrue(refused.err().contains("berth down"), refused::toString);
    host().write("later.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: later}\n");
    host().berth("apply", "-f", "later.yaml").ok();
  }

  @Test
  @Order(3)
  void dataThatIsThereIsNotOverwritten() throws IOException, InterruptedException {
    host().berth("down").ok();
    Map<String, Long> before = store();

    Ran refused = host().berth("restore", FILE);
    assertEquals(1, refused.code(), refused::toString);
    assertTrue(refused.err().contains("--force"), refused::toString);
    assertEquals(before, store());
  }

  @Test
  @Order(4)
  void aCutFileChangesNothing() throws IOException, InterruptedException {
    Map<String, Long> before = store();
    byte[] whole = Files.readAllBytes(host().dir().resolve(FILE));
    Files.write(host().dir().resolve("cut.tar.gz"), Arrays.copyOf(whole, whole.length / 2));

    Ran refused = host().berth("restore", "cut.tar.gz", "--force");
    assertEquals(1, refused.code(), refused::toString);
    assertTrue(refused.err().contains("cut.tar.gz"), refused::toString);
    assertEquals(before, store());
  }

  /// Name and size of every file of the store and of the certificates.
  private Map<String, Long> store() throws IOException {
    Map<String, Long> files = new TreeMap<>();
    for (String part : List.of("store", "pki")) {
      try (Stream<Path> all = Files.walk(host().dataDir().resolve(part))) {
        for (Path file : all.filter(Files::isRegularFile).toList()) {
          files.put(file.toString(), Files.size(file));
        }
      }
    }
    return files;
  }

  @Test
  @Order(5)
  void aPurgedHostComesBackWithItsAppAndImages() throws IOException, InterruptedException {
    host().berth("down", "--purge", "--yes").ok();
    host().berth("restore", FILE).ok();
    host().up().ok();

    TestHost.waitUntil("the app serves again", this::isServing);
    assertTrue(host().berth("images").ok().out().contains("default/box"));
  }

  private boolean isServing() {
    return host().isWell("digits") && answers();
  }

  private boolean answers() {
    try {
      return host().visit("digits.localhost", "/ask").out().contains("[42]");
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Test
  @Order(6)
  void whatWasAcknowledgedBeforeTheBackupIsThereAndWhatCameLaterIsNot()
      throws IOException, InterruptedException {
    List<String> names =
        host().berth("get", "configmaps", "-o", "name").ok().out().lines().toList();

    for (int i = 0; i < acknowledged; i++) {
      assertTrue(names.contains("configmap/w" + i), names::toString);
    }
    assertFalse(names.contains("configmap/later"), names::toString);
  }
}
