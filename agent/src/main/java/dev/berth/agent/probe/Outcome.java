package dev.berth.agent.probe;

import dev.berth.api.Reason;
import java.time.Duration;
import java.util.Optional;

/// One answer: good or not, and what was seen. `protocol` is the endpoint's, when that was the
/// question; `reason` names a failure whose cause is known.
public record Outcome(boolean ok, String message, String protocol, Optional<Reason> reason) {
  private static final Duration USUAL = Duration.ofSeconds(30);

  public static Outcome good() {
    return speaks("");
  }

  static Outcome speaks(String protocol) {
    return new Outcome(true, "", protocol, Optional.empty());
  }

  public static Outcome bad(String message) {
    return new Outcome(false, message, "", Optional.empty());
  }

  static Outcome bad(Reason reason, String message) {
    return new Outcome(false, message, "", Optional.of(reason));
  }

  /// How long it must have been so before it is told, without waiting for the threshold: a server
  /// that is up, but elsewhere or in another language, will not change; one that does not listen or
  /// is not ready yet may still be loading.
  Duration patience() {
    return reason.map(Outcome::patience).orElse(USUAL);
  }

  private static Duration patience(Reason reason) {
    return switch (reason) {
      case PORT_NOT_LISTENING,
          LISTENS_ON_LOOPBACK,
          LISTENS_ON_IPV6_ONLY,
          PROTOCOL_MISMATCH,
          MODEL_NAME_MISMATCH ->
          Duration.ofSeconds(2);
      case INVALID_ANSWER -> Duration.ofSeconds(5);
      case HANGS_BEFORE_LISTENING, PROBE_TIMEOUT -> Duration.ofSeconds(10);
      default -> USUAL;
    };
  }
}
