package dev.berth.agent.pod;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.berth.api.Json;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class TrackedTest {
  private static final String POD =
      "{\"status\":{\"containerStatuses\":[{\"name\":\"app\",\"restartCount\":3,\"lastState\":{"
          + "\"terminated\":{\"exitCode\":1,\"reason\":\"Error\",\"message\":\"boom\","
          + "\"startedAt\":\"2026-01-01T00:00:00Z\",\"finishedAt\":\"2026-01-01T00:00:05Z\"}}}]}}";

  @Test
  void restartsLastStateAndBackOffSurviveACrashOfTheAgent() {
    Instant now = Instant.parse("2026-01-01T00:00:06Z");
    PodStatus status =
        new PodStatus(
            (ObjectNode) Json.parse(POD.getBytes(StandardCharsets.UTF_8)),
            "10.0.0.1",
            Clock.fixed(now, ZoneOffset.UTC));
    Tracked t = new Tracked("app", now);
    t.resume(status.restarts("app"), status.lastExit("app"));
    assertEquals(3, t.restarts);
    assertEquals("boom", t.last.orElseThrow().message());
    assertEquals(new Backoff(3), t.backoff);
    ContainerState.Waiting waiting = assertInstanceOf(ContainerState.Waiting.class, t.state);
    assertEquals("CrashLoopBackOff", waiting.reason());
    assertEquals(Instant.parse("2026-01-01T00:00:25Z"), waiting.until());
  }
}
