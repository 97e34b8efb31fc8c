package dev.berth.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.e2e.TestHost.Ran;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/// Bad input and bad luck: each has its exit code, its place and its next command.
class BadLuckIT extends WithHost {

  BadLuckIT() {
    super("bad");
  }

  @Test
  @Order(1)
  void aTakenPortIsSaidWithItsOwner() throws IOException, InterruptedException {
    Path out = host().dir().resolve("listen.out");
    Process thief = host().startBox(out, "listen", "6443");
    TestHost.waitUntil("the port is taken", () -> TestHost.contains(out, "listening"));

    Ran up = host().up();
    assertEquals(1, up.code(), up::toString);
    assertTrue(
        up.err().contains("API port 6443 is taken by box (pid " + thief.pid()), up::toString);
    thief.destroyForcibly();
    thief.waitFor();
  }

  @Test
  @Order(2)
  void itStartsOnceThePortIsFree() throws IOException, InterruptedException {
    host().up().ok();
  }

  @Test
  @Order(3)
  void aFailingRunSaysStepLineAndLastOutput() throws IOException, InterruptedException {
    host()
        .context(
            "broken",
            "FROM scratch\nCOPY box /box\nRUN [\"/box\", \"fail\", \"3\", \"the disk is made of cheese\"]\n");

    Ran applied = failedRollout("broken", "build: {context: broken}");
    assertTrue(applied.err().contains("Dockerfile:3"), applied::toString);
    assertTrue(applied.err().contains("| the disk is made of cheese"), applied::toString);
    assertTrue(
        applied.err().contains("berth describe imagebuild/broken-model-"), applied::toString);
  }

  @Test
  @Order(4)
  void anUnknownImageFailsTheRollout() throws IOException, InterruptedException {
    Ran applied = failedRollout("unknown", "image: nosuch:1");

    assertTrue(applied.err().contains("nosuch:1"), applied::toString);
  }

  @Test
  @Order(5)
  void aCrashShowsTheLastWordsOfTheContainer() throws IOException, InterruptedException {
    host()
        .context(
            "crash",
            "FROM scratch\nCOPY box /box\nENTRYPOINT [\"/box\", \"fail\", \"7\", \"cannot find my weights\"]\n");

    Ran applied = failedRollout("crash", "build: {context: crash}");
    assertTrue(applied.err().contains("| cannot find my weights"), applied::toString);
  }

  @Test
  @Order(6)
  void aMisspeltFieldIsInvalidWithItsPlace() throws IOException, InterruptedException {
    host().write("misspelt.yaml", modelApp("misspelt", "imgae: x:1"));

    Ran applied = host().berth("apply", "-f", "misspelt.yaml");
    assertEquals(4, applied.code(), applied::toString);
    assertTrue(
        applied
            .err()
            .contains("misspelt.yaml:7:5 spec.model.imgae: unknown field; did you mean \"image\"?"),
        applied::toString);
    assertTrue(host().berth("get", "modelapp", "misspelt").code() != 0, "nothing was applied");
  }

  @Test
  @Order(7)
  void offlineBootstrapFailsAtOnce() throws IOException, InterruptedException {
    Ran bootstrap = host().berth("image", "bootstrap", "debian:bookworm-slim", "--offline");

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
    host().killBerth();

    assertEquals(5, host().berth("get", "pods").code());
  }

  private Ran failedRollout(String name, String source) throws IOException, InterruptedException {
    host().write(name + ".yaml", modelApp(name, source));
    Ran applied = host().berth("apply", "-f", name + ".yaml", "--timeout", "3m");
    assertEquals(2, applied.code(), applied::toString);
    return applied;
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
