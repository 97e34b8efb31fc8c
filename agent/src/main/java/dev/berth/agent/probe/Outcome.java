package dev.berth.agent.probe;

/// One answer: good or not, and what was seen. `protocol` is the endpoint's, when that was the
/// question; `reason` names a failure whose cause is known, as a condition's reason.
public record Outcome(boolean ok, String message, String protocol, String reason) {
  public static final String PORT_NOT_LISTENING = "PortNotListening";
  public static final String PROTOCOL_MISMATCH = "ProtocolMismatch";

  static Outcome good() {
    return speaks("");
  }

  static Outcome speaks(String protocol) {
    return new Outcome(true, "", protocol, "");
  }

  static Outcome bad(String message) {
    return new Outcome(false, message, "", "");
  }

  /// Whether a wait for the threshold would teach nothing: the server is up, but elsewhere or in
  /// another language.
  boolean telling() {
    return reason.equals(PROTOCOL_MISMATCH)
        || (reason.equals(PORT_NOT_LISTENING) && message.contains(ListeningPorts.ELSEWHERE));
  }
}
