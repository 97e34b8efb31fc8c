package dev.berth.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.e2e.TestHost.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/// Bad input and bad luck: each has its exit code, its place and its next command.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BadLuckIT {
  private TestHost host;

  @BeforeAll
  void createHost() throws IOException, InterruptedException {
    host = TestHost.create("bad");
  }

  @AfterAll
  void closeHost() throws IOException, InterruptedException {
    if (host != null) {
      host.close();
    }
  }

  @Test
  @Order(1)
  void aTakenPortIsSaidWithItsOwner() throws IOException, InterruptedException {
    Path out = host.dir().resolve("listen.out");
    Process thief = host.startBox(out, "listen", "6443");
    TestHost.waitUntil("the port is taken", () -> read(out).contains("listening"));

    Ran up = host.up();
    assertEquals(1, up.code(), up::toString);
    assertTrue(
        up.err().contains("API port 6443 is taken by box (pid " + thief.pid()), up::toString);
    thief.destroyForcibly();
    thief.waitFor();
  }

  @Test
  @Order(2)
  void itStartsOnceThePortIsFree() throws IOException, InterruptedException {
    host.up().ok();
  }

  @Test
  @Order(3)
  void aFailingRunSaysStepLineAndLastOutput() throws IOException, InterruptedException {
    host.context(
        "broken",
        "FROM scratch\nCOPY box /box\nRUN [\"/box\", \"fail\", \"3\", \"the disk is made of cheese\"]\n");
    host.write("broken.yaml", modelApp("broken", "build: {context: broken}"));

    Ran applied = host.berth("apply", "-f", "broken.yaml", "--timeout", "1m");
    assertEquals(2, applied.code(), applied::toString);
    assertTrue(applied.err().contains("Dockerfile:3"), applied::toString);
    assertTrue(applied.err().contains("| the disk is made of cheese"), applied::toString);
    assertTrue(
        applied.err().contains("berth describe imagebuild/broken-model-"), applied::toString);
  }

  @Test
  @Order(4)
  void anUnknownImageFailsTheRollout() throws IOException, InterruptedException {
    host.write("unknown.yaml", modelApp("unknown", "image: nosuch:1"));

    Ran applied = host.berth("apply", "-f", "unknown.yaml", "--timeout", "1m");
    assertEquals(2, applied.code(), applied::toString);
    assertTrue(applied.err().contains("nosuch:1"), applied::toString);
  }

  @Test
  @Order(5)
  void aCrashShowsTheLastWordsOfTheContainer() throws IOException, InterruptedException {
    host.context(
        "crash",
        "FROM scratch\nCOPY box /box\nENTRYPOINT [\"/box\", \"fail\", \"7\", \"cannot find my weights\"]\n");
    host.write("crash.yaml", modelApp("crash", "build: {context: crash}"));

    Ran applied = host.berth("apply", "-f", "crash.yaml", "--timeout", "1m");
    assertEquals(2, applied.code(), applied::toString);
    assertTrue(applied.err().contains("| cannot find my weights"), applied::toString);
  }

  @Test
  @Order(6)
  void aMisspeltFieldIsInvalidWithItsPlace() throws IOException, InterruptedException {
    host.write("misspelt.yaml", modelApp("misspelt", "imgae: x:1"));

    Ran applied = host.berth("apply", "-f", "misspelt.yaml");
    assertEquals(4, applied.code(), applied::toString);
    assertTrue(
        applied
            .err()
            .contains("misspelt.yaml:7:5 spec.model.imgae: unknown field; did you mean \"image\"?"),
        applied::toString);
    assertTrue(host.berth("get", "modelapp", "misspelt").code() != 0, "nothing was applied");
  }

  @Test
  @Order(7)
  void offlineBootstrapFailsAtOnce() throws IOException, InterruptedException {
    Ran bootstrap = host.berth("image", "bootstrap", "debian:bookworm-slim", "--offline");

    assertEquals(1, bootstrap.code(), bootstrap::toString);
    assertTrue(
        bootstrap
            .err()
            .contains("docker.io/library/debian:bookworm-slim is not in the cluster's repository"),
        bootstrap::toString);
  }

  @Test
  @Order(8)
  void aServerThatIsDownIsFive() throws IOException, InterruptedException {
    host.killBerth();

    assertEquals(5, host.berth("get", "pods").code());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }

  private static String modelApp(String name, String source) {
    return """
        apiVersion: berth.dev/v1alpha1
        kind: ModelApp
        metadata:
          name: %s
        spec:
          model:
            %s
          endpoint:
            protocol: open-inference
        """
        .formatted(name, source);
  }
}
