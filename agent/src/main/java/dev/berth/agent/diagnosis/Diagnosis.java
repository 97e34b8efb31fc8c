package dev.berth.agent.diagnosis;

import dev.berth.api.Reason;

/// Why something does not work: the reason, and what was seen, in one sentence.
public record Diagnosis(Reason reason, String message) {
  /// Whether both say the same but for counters: then the older one stays, so that nothing is
  /// written anew each second.
  public boolean sameAs(Diagnosis other) {
    return reason == other.reason && plain(message).equals(plain(other.message));
  }

  private static String plain(String message) {
    return message.replaceAll("[0-9]+", "0");
  }

  /// In a pod with several containers, which one.
  public Diagnosis of(String container) {
    return new Diagnosis(reason, "container " + container + ": " + message);
  }
}
