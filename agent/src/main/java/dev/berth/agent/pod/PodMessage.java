package dev.berth.agent.pod;

import dev.berth.agent.container.ExitStatus;
import dev.berth.agent.diagnosis.Diagnosis;
import dev.berth.agent.image.Image;
import dev.berth.agent.probe.Outcome;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.node.ObjectNode;

/// What a pod's worker is told.
sealed interface PodMessage {
  record Wish(PodSpec spec) implements PodMessage {}

  record Removed() implements PodMessage {}

  record PullProgress(String container, String text) implements PodMessage {}

  record Pulled(String container, Image image) implements PodMessage {}

  record PullFailed(String container, String message, Optional<Diagnosis> diagnosis)
      implements PodMessage {}

  record Exited(String container, String id, ExitStatus exit) implements PodMessage {}

  /// Not `settled`: seen before the threshold, an explanation only.
  record Verdict(String container, String id, Question question, Outcome outcome, boolean settled)
      implements PodMessage {}

  /// A container's postStart hook has ended.
  record PostStarted(String container, String id, Outcome outcome) implements PodMessage {}

  /// What a volume refers to has changed, come or gone.
  record Refresh() implements PodMessage {}

  record Debug(CompletableFuture<ObjectNode> answer) implements PodMessage {}

  record Stop() implements PodMessage {}

  /// Which of a container's probes was asked.
  enum Question {
    STARTUP,
    READINESS,
    LIVENESS
  }
}
