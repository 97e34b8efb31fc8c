package dev.berth.api.why;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.Json;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class PatienceTest {
  @ParameterizedTest
  @CsvSource({
    "CommandNotFound, 6",
    "SecretNotFound, 6",
    "ImageNotFound, 6",
    "PortNotListening, 20",
    "ModelNameMismatch, 20",
    "BuildFailed, 0"
  })
  void whatOnlyAPersonCanRepairEndsTheWait(String reason, long seconds) {
    assertEquals(Optional.of(Duration.ofSeconds(seconds)), Patience.of(cause(reason, "")));
  }

  @ParameterizedTest
  @CsvSource({"NodeLost", "HangsBeforeListening", "NeverReady", "OutOfMemory", "WordOfTomorrow"})
  void whatMayPassIsWaitedFor(String reason) {
    assertEquals(Optional.empty(), Patience.of(cause(reason, "")));
  }

  @Test
  void aPodThatFitsOnNoNodeNeverWillAndOneThatFindsNoRoomMay() {
    assertEquals(
        Optional.of(Duration.ofSeconds(6)),
        Patience.of(
            cause(
                "Unschedulable", "the pod asks for 64 cpu, more than any node has; the largest")));
    assertEquals(
        Optional.empty(),
        Patience.of(cause("Unschedulable", "a has Insufficient cpu (1 asked for, 0.2 of 2 free)")));
  }

  @Test
  void aServerThatIsGivenTimeToStartMayAnswerStrangelyThatLong() {
    JsonNode annotated =
        Json.parse("{\"metadata\":{\"annotations\":{\"berth.dev/startup-timeout\":\"120\"}}}");
    JsonNode probed =
        Json.parse(
            "{\"spec\":{\"containers\":[{\"startupProbe\":{\"periodSeconds\":5,\"failureThreshold\":60}}]}}");
    Cause mismatch = cause("ProtocolMismatch", "");
    assertEquals(Optional.of(Duration.ofMinutes(2)), Patience.of(mismatch, annotated));
    assertEquals(Optional.of(Duration.ofMinutes(5)), Patience.of(mismatch, probed));
    assertEquals(Optional.of(Duration.ofSeconds(20)), Patience.of(mismatch, Json.object()));
    assertEquals(
        Optional.of(Duration.ofSeconds(6)), Patience.of(cause("SecretNotFound", ""), annotated));
  }

  private static Cause cause(String reason, String message) {
    return Cause.of(reason, "pod a", message, Remedy.of(""));
  }
}
