package dev.berth.agent.pod;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.agent.container.Container;
import dev.berth.agent.container.ExitStatus;
import dev.berth.agent.pod.PodSpec.Role;
import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// Init containers and sidecars in their order, and what the pod's status says of it.
class TurnsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

  private final Tracked first = new Tracked("first", Role.INIT, NOW);
  private final Tracked proxy = new Tracked("proxy", Role.SIDECAR, NOW);
  private final Tracked second = new Tracked("second", Role.INIT, NOW);
  private final Tracked main = new Tracked("main", Role.MAIN, NOW);
  private final List<Tracked> all = List.of(first, proxy, second, main);

  private static ContainerState.Exited exited(int code) {
    return new ContainerState.Exited(
        new ExitStatus(code, 0, NOW, false), "id", NOW, code == 0 ? "Completed" : "Error", "");
  }

  private static void run(Tracked t) {
    Container c = new Container(t.name, Path.of("/"), "g", 1, 1, 1, 1, NOW);
    t.state = new ContainerState.Running(c, Optional.empty(), true, true, "", "");
    t.startedOnce = true;
  }

  private List<String> mayRun() {
    return all.stream()
        .filter(t -> t.state instanceof ContainerState.Waiting && Turns.mayRun(all, t))
        .map(t -> t.name)
        .toList();
  }

  @Test
  void eachBeginsWhenThoseBeforeItHavePassed() {
    assertEquals(List.of("first"), mayRun());
    run(first);
    assertEquals(List.of(), mayRun());
    first.state = exited(0);
    assertEquals(List.of("proxy"), mayRun());
    run(proxy);
    assertEquals(List.of("second"), mayRun());
    second.state = exited(0);
    assertEquals(List.of("main"), mayRun());
  }

  @Test
  void aSidecarThatStartsAgainHoldsUpNobody() {
    first.state = exited(0);
    run(proxy);
    proxy.state = new ContainerState.Waiting("CrashLoopBackOff", "", NOW);
    assertEquals(List.of("proxy", "second"), mayRun());
  }

  @Test
  void anInitContainerThatFailsForGoodEndsThePod() {
    first.state = exited(3);
    assertEquals(List.of(), mayRun());
    assertTrue(Turns.over(all));
    ObjectNode status = status("Never");
    assertEquals("Failed", Json.text(status, "phase"));
    assertEquals(3, status.at("/initContainerStatuses/0/state/terminated/exitCode").asInt());
  }

  @Test
  void aPodIsOverWhenItsSidecarsHaveEndedToo() {
    first.state = exited(0);
    second.state = exited(0);
    main.state = exited(0);
    run(proxy);
    assertTrue(Turns.done(all));
    assertFalse(Turns.over(all));
    assertEquals("Running", Json.text(status("Never"), "phase"));
    proxy.state = exited(143);
    assertTrue(Turns.over(all));
    assertEquals("Succeeded", Json.text(status("Never"), "phase"));
  }

  @Test
  void theStatusTellsHowFarThePodIs() {
    first.state = exited(0);
    run(proxy);
    ObjectNode status = status("Always");
    assertEquals("Pending", Json.text(status, "phase"));
    ObjectNode holder = Json.object();
    holder.set("status", status);
    Condition initialized = Conditions.find(holder, "Initialized").orElseThrow();
    assertEquals("ContainersNotInitialized", initialized.reason());
    assertEquals("containers with incomplete status: [second]", initialized.message());
    assertEquals(
        List.of("first true", "proxy true", "second false"),
        status
            .path("initContainerStatuses")
            .valueStream()
            .map(c -> Json.text(c, "name") + " " + c.path("ready").asBoolean())
            .toList());
    assertEquals(1, status.path("containerStatuses").size());
  }

  @Test
  void aPodThatLosesItsSandboxBeginsAnew() {
    first.state = exited(0);
    first.restarts = 2;
    first.anew(NOW);
    first.anew(NOW);
    assertEquals(3, first.restarts);
    assertEquals(List.of("first"), mayRun());
    assertTrue(first.last.isPresent());
  }

  @Test
  void aPodWhoseTimeIsOverHasFailedWhenNothingRuns() {
    ObjectNode pod =
        Json.parseObject(
            "{\"metadata\":{\"name\":\"p\",\"uid\":\"u\"},\"spec\":{\"activeDeadlineSeconds\":5}}");
    assertEquals(Optional.of(NOW.plusSeconds(5)), PodFailure.deadline(pod, NOW));
    PodStatus status = new PodStatus(pod, "10.0.0.1", CLOCK);
    Optional<PodFailure> late = Optional.of(PodFailure.DEADLINE_EXCEEDED);
    run(main);
    ObjectNode ending = status.update(PodSpec.read(pod), List.of(main), late, "").orElseThrow();
    assertEquals("Running", Json.text(ending, "phase"));
    main.state = exited(143);
    ObjectNode ended = status.update(PodSpec.read(pod), List.of(main), late, "").orElseThrow();
    assertEquals("Failed", Json.text(ended, "phase"));
    assertEquals("DeadlineExceeded", Json.text(ended, "reason"));
  }

  private ObjectNode status(String restartPolicy) {
    String container = "{\"name\":\"%s\",\"image\":\"x\"}";
    String text =
        "{\"metadata\":{\"name\":\"p\",\"namespace\":\"n\",\"uid\":\"u\"},\"spec\":{"
            + "\"restartPolicy\":\""
            + restartPolicy
            + "\",\"initContainers\":["
            + container.formatted("first")
            + ",{\"name\":\"proxy\",\"image\":\"x\",\"restartPolicy\":\"Always\"},"
            + container.formatted("second")
            + "],\"containers\":["
            + container.formatted("main")
            + "]}}";
    ObjectNode pod = Json.parseObject(text);
    assertEquals(
        List.of(Role.INIT, Role.SIDECAR, Role.INIT, Role.MAIN),
        PodSpec.read(pod).containers().stream().map(PodSpec.ContainerWish::role).toList());
    return new PodStatus(pod, "10.0.0.1", CLOCK).update(PodSpec.read(pod), all, "").orElseThrow();
  }
}
