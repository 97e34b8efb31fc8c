package dev.berth.gitops;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// What one look at a repository came to. The caller writes the status where it differs, removes
/// the annotations that are answered, sets or removes the finalizer, and comes again.
///
/// @param status the whole new `status`
/// @param again when to come again, if nothing wakes the repository before
/// @param finalizer whether the finalizer has to be on the repository
/// @param answered annotations of the repository that are done with; remove them only after the
///   status is written
/// @param events what a person wants to read later: changes, not states
public record Outcome(
    ObjectNode status,
    Duration again,
    boolean finalizer,
    Set<String> answered,
    List<Happened> events) {

  public Outcome {
    answered = Set.copyOf(answered);
    events = List.copyOf(events);
  }

  /// The same, with a wish that is answered by a refusal.
  Outcome refusing(String annotation, Happened refusal) {
    Set<String> allAnswered = new HashSet<>(answered);
    allAnswered.add(annotation);
    List<Happened> allEvents = new ArrayList<>(events);
    allEvents.add(refusal);
    return new Outcome(status, again, finalizer, allAnswered, allEvents);
  }

  /// An event on the repository; a warning where something went wrong.
  public record Happened(boolean warning, String reason, String message) {}
}
