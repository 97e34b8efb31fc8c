package dev.berth.agent.probe;

import dev.berth.agent.diagnosis.Reason;
import java.time.Duration;

/// One answer: good or not, and what was seen. `protocol` is the endpoint's, when that was the
/// question; `reason` names a failure whose cause is known.
public record Outcome(boolean ok, String message, String protocol, String reason) {
  static Outcome good() {
    return speaks("");
  }

  static Outcome speaks(String protocol) {
    return new Outcome(true, "", protocol, "");
  }

  static Outcome bad(String message) {
    return bad("", message);
  }

  static Outcome bad(String reason, String message) {
    return new Outcome(false, message, "", reason);
  }

  /// How long it must have been so before it is told, without waiting for the threshold: a server
  /// that is up, but elsewhere or in another language, will not change; one that does not listen or
  /// is not ready yet may still be loading.
  Duration patience() {
    return switch (reason) {
      case Reason.PORT_NOT_LISTENING,
          Reason.LISTENS_ON_LOOPBACK,
          Reason.LISTENS_ON_IPV6_ONLY,
          Reason.PROTOCOL_MISMATCH,
          Reason.MODEL_NAME_MISMATCH ->
          Duration.ofSeconds(2);
      case Reason.INVALID_ANSWER -> Duration.ofSeconds(5);
      case Reason.HANGS_BEFORE_LISTENING, Reason.PROBE_TIMEOUT -> Duration.ofSeconds(10);
      default -> Duration.ofSeconds(30);
    };
  }
}
