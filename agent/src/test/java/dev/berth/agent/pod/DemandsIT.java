package dev.berth.agent.pod;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.agent.container.Sandbox;
import dev.berth.agent.container.Security;
import dev.berth.api.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What pods write into their volumes, on a real disk.
class DemandsIT {
  @TempDir Path dir;
  private Sandbox box;

  @BeforeEach
  void start() throws Exception {
    box = new Sandbox(dir);
  }

  @AfterEach
  void stop() {
    box.close();
  }

  @SuppressWarnings("NullAway") // the parts that weighing does not touch
  private PodContext pod(String limits, String emptyDir) {
    PodHost host =
        new PodHost(
            "n",
            "10.0.0.1",
            dir,
            box.containers,
            null,
            null,
            null,
            null,
            null,
            null,
            new Security(Set.of(), new byte[0], List.of(), List.of()),
            Clock.systemUTC(),
            null,
            (_, _, _) -> Optional.empty());
    String pod =
        """
        {"metadata": {"name": "p", "namespace": "n", "uid": "u"},
         "spec": {"volumes": [{"name": "data", "emptyDir": %s}],
                  "containers": [{"name": "a", "image": "x", "resources": {"limits": %s}},
                                 {"name": "b", "image": "x"}]}}"""
            .formatted(emptyDir, limits);
    return new PodContext(host, PodSpec.read(Json.parseObject(pod)), _ -> {});
  }

  private static Optional<String> excess(PodContext pod, int bytes) throws Exception {
    Path data = pod.volumes.written(pod.spec.object()).getFirst();
    Files.createDirectories(data);
    Files.write(data.resolve("file"), new byte[bytes]);
    try (var file = new java.io.RandomAccessFile(data.resolve("file").toFile(), "rw")) {
      file.getFD().sync(); // blocks are given when the kernel writes
    }
    return new Demands(pod).excess();
  }

  @Test
  void aVolumeCountsAgainstTheLimitsOfTheContainers() throws Exception {
    PodContext pod = pod("{\"ephemeral-storage\": \"1Mi\"}", "{}");
    assertEquals(Optional.empty(), excess(pod, 900_000));
    assertEquals(
        Optional.of(
            "Pod ephemeral local storage usage exceeds the total limit of containers 1024 KiB"),
        excess(pod, 2_000_000));
  }

  @Test
  void aVolumesOwnLimitHoldsWithoutAnyOther() throws Exception {
    PodContext pod = pod("{}", "{\"sizeLimit\": \"1Mi\"}");
    assertEquals(Optional.empty(), excess(pod, 900_000));
    assertEquals(
        Optional.of("Usage of EmptyDir volume \"data\" exceeds the limit of 1024 KiB"),
        excess(pod, 2_000_000));
  }

  @Test
  void withoutLimitsNothingIsTooMuch() throws Exception {
    assertEquals(Optional.empty(), excess(pod("{}", "{}"), 2_000_000));
  }

  @Test
  void aPodThatHasFailedStaysFailed() {
    PodContext pod = pod("{}", "{}");
    pod.spec.object().putObject("status").put("phase", "Failed").put("reason", "Evicted");
    assertEquals(Optional.of(new PodFailure("Evicted", "")), PodFailure.told(pod.spec.object()));
  }
}
