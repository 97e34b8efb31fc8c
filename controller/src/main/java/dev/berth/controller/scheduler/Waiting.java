package dev.berth.controller.scheduler;

import dev.berth.api.Json;
import java.time.Duration;
import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/// What a pod that fits nowhere was told. A decision costs microseconds, so a pod is tried whenever
/// something may help; being told costs two writes, so that is what has pauses.
///
/// @param uid of the pod; it begins anew with another one, and with another `generation`
/// @param gist of the answer that it was told, without the amounts
/// @param times that it was told, but for those of long ago
/// @param told when that was last
/// @param later whether it is to be told another answer when the pause is over
record Waiting(String uid, long generation, String gist, int times, Instant told, boolean later) {
  /// After this time a pod is tried though nothing has happened, and told the amounts of now
  /// (kube-scheduler: `podMaxInUnschedulablePodsDuration`).
  static final Duration FLUSH = Duration.ofMinutes(5);

  /// Kube-scheduler's `podInitialBackoffSeconds` and `podMaxBackoffSeconds`.
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  /// So many answers follow without a pause: a node often registers just after its pods came.
  private static final int FREE = 2;

  static Waiting told(ObjectNode pod, String gist, Instant now) {
    return new Waiting(Json.uid(pod), Json.generation(pod), gist, 1, now, false);
  }

  boolean isOf(ObjectNode pod) {
    return uid.equals(Json.uid(pod)) && generation == Json.generation(pod);
  }

  /// How long the answer is kept back, at most [#FLUSH], whatever became of the clock; zero or less
  /// when it is to be told now.
  Duration untilTold(String answer, Instant now) {
    Duration left = Duration.between(now, told.plus(answer.equals(gist) ? FLUSH : pause()));
    return left.compareTo(FLUSH) < 0 ? left : FLUSH;
  }

  private Duration pause() {
    if (times < FREE) {
      return Duration.ZERO;
    }
    Duration doubled = FIRST_PAUSE.multipliedBy(1L << Math.min(times - FREE, 10));
    return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
  }

  Waiting again(String answer, Instant now) {
    boolean longAgo = !told.plus(FLUSH).isAfter(now);
    return new Waiting(uid, generation, answer, longAgo ? 1 : times + 1, now, false);
  }

  /// The answer is kept back: it is known, or to be told later.
  Waiting keptBack(String answer) {
    return new Waiting(uid, generation, gist, times, told, !answer.equals(gist));
  }
}
