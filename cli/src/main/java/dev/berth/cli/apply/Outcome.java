package dev.berth.cli.apply;

import java.time.Duration;
import java.util.List;

/// How a rollout stands.
sealed interface Outcome {
  record Going() implements Outcome {}

  record Done(String url) implements Outcome {}

  /// It will not become well by itself: why, the last output where it is known, and the pod to ask
  /// otherwise.
  ///
  /// @param patience how long it must have lasted to count: the caches may be one event behind
  record Failed(
      String reason,
      String pod,
      boolean crashed,
      List<String> output,
      String about,
      Duration patience)
      implements Outcome {
    public Failed {
      output = List.copyOf(output);
    }
  }
}
