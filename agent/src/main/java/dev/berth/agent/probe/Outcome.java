package dev.berth.agent.probe;

/// One answer: good or not, and what was seen. `protocol` is the endpoint's, when that was the
/// question.
public record Outcome(boolean ok, String message, String protocol) {
  static Outcome good() {
    return new Outcome(true, "", "");
  }

  static Outcome bad(String message) {
    return new Outcome(false, message, "");
  }
}
