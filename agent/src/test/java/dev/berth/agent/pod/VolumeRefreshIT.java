package dev.berth.agent.pod;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.agent.container.Container;
import dev.berth.agent.container.Sandbox;
import dev.berth.agent.container.Security;
import dev.berth.agent.status.EventRecorder;
import dev.berth.api.Json;
import dev.berth.client.ApiClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Volumes of a pod that runs, on a disk where something is in their way.
@SuppressWarnings("NullAway.Init") // each test has its own
class VolumeRefreshIT {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir Path dir;
  private Sandbox box;
  private ApiClient nobody;
  private EventRecorder events;

  @BeforeEach
  void start() throws Exception {
    box = new Sandbox(dir);
    Path kubeconfig =
        Files.writeString(
            dir.resolve("kubeconfig"),
            """
            apiVersion: v1
            kind: Config
            current-context: c
            contexts: [{name: c, context: {cluster: c, user: c}}]
            clusters: [{name: c, cluster: {server: "http://127.0.0.1:1"}}]
            users: [{name: c, user: {}}]
            """);
    nobody = ApiClient.fromKubeconfig(kubeconfig);
    events = new EventRecorder(nobody, "n", Clock.systemUTC(), () -> "1");
  }

  @AfterEach
  void stop() {
    events.close();
    nobody.close();
    box.close();
  }

  @SuppressWarnings("NullAway") // the parts that volumes do not touch
  private PodContext pod() {
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
            events,
            new Security(Set.of(), new byte[0], List.of(), List.of()),
            Clock.fixed(NOW, ZoneOffset.UTC),
            null,
            (_, _, _) -> Optional.empty());
    return new PodContext(
        host,
        PodSpec.read(
            Json.parseObject(
                """
                {"metadata": {"name": "p", "namespace": "n", "uid": "u"},
                 "spec": {"volumes": [{"name": "data", "emptyDir": {}},
                                      {"name": "more", "emptyDir": {}}],
                          "containers": [{"name": "main", "image": "x"}]}}""")),
        _ -> {});
  }

  private static void run(PodContext pod) {
    Tracked main = new Tracked("main", NOW);
    Container c = new Container("main", Path.of("/"), "g", 1, 1, 1, 1, NOW);
    main.state = new ContainerState.Running(c, Optional.empty(), true, true, "", "");
    pod.containers.put("main", main);
    pod.sandbox =
        Optional.of(new dev.berth.agent.network.Sandbox(Path.of("/"), "10.0.0.2", "veth"));
  }

  /// A worker whose recovery ends with this would never do anything else.
  @Test
  void whatIsInTheWayOfAVolumeHoldsUpNothingAndIsTriedAgain() throws Exception {
    PodContext pod = pod();
    run(pod);
    Path place = Files.createDirectories(dir.resolve("pods/u/.volumes")).resolve("data");
    Files.writeString(place, "a file");
    ContainerStart start = new ContainerStart(pod, new Supervision(pod));
    start.refresh();
    assertEquals(Optional.of(NOW.plus(Duration.ofSeconds(30))), start.refreshDue());
    assertTrue(Files.isDirectory(place.resolveSibling("more")), "it holds up no other");
    Files.delete(place);
    start.refresh();
    assertEquals(Optional.empty(), start.refreshDue());
    assertTrue(Files.isDirectory(place));
  }

  @Test
  void whereNothingRunsNothingIsTriedAgain() throws Exception {
    PodContext pod = pod();
    run(pod);
    Files.writeString(Files.createDirectories(dir.resolve("pods/u")).resolve(".volumes"), "a file");
    ContainerStart start = new ContainerStart(pod, new Supervision(pod));
    start.refresh();
    assertTrue(start.refreshDue().isPresent());
    pod.containers.clear();
    start.refresh();
    assertEquals(Optional.empty(), start.refreshDue());
  }
}
