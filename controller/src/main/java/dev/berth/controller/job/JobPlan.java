package dev.berth.controller.job;

import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.Times;
import dev.berth.controller.reconcile.Action;
import dev.berth.controller.reconcile.Note;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Decides what a Job needs, from itself and its pods. Pure.
///
/// The status comes first in every plan: a pod's finalizer is removed only in a later step than the
/// one that stored its count, so a stop between the two counts nothing twice and loses nothing.
final class JobPlan {
  private static final String COMPONENT = "job-controller";
  private static final int AT_ONCE = 50;
  private static final Duration FIRST_BACKOFF = Duration.ofSeconds(10);
  private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(10);

  private final ObjectNode job;
  private final ObjectNode next;
  private final ObjectNode status;
  private final List<ObjectNode> pods;
  private final List<ObjectNode> active;
  private final Instant now;
  private final Counting counting;
  private final List<Action> work = new ArrayList<>();
  private Optional<Duration> again = Optional.empty();

  /// What to do, and when to look again although nothing has changed.
  record Decision(List<Action> actions, Optional<Duration> again) {}

  private JobPlan(ObjectNode job, List<ObjectNode> pods, Instant now) {
    this.job = job;
    this.next = Json.deepCopy(job);
    this.status = Json.ensure(next, "status");
    this.pods = pods;
    this.active = pods.stream().filter(JobPods::active).collect(Collectors.toList());
    this.now = now;
    this.counting = new Counting(status, pods);
  }

  /// @param pods all pods that the Job controls
  static Decision decide(ObjectNode job, List<ObjectNode> pods, Instant now) {
    JobPlan plan = new JobPlan(job, pods, now);
    plan.counting.run();
    if (isFinished(job)) {
      plan.cleanUp();
    } else if (!Json.isDeleting(job)) {
      plan.advance();
    }
    plan.counting.recorded().forEach(pod -> plan.act(new Action.Update(Kinds.POD, pod)));
    List<Action> actions = new ArrayList<>();
    if (!plan.next.equals(job)) {
      actions.add(new Action.UpdateStatus(Kinds.JOB, plan.next));
    }
    actions.addAll(plan.work);
    return new Decision(actions, plan.again);
  }

  static boolean isFinished(JsonNode job) {
    return Conditions.isTrue(job, "Complete") || Conditions.isTrue(job, "Failed");
  }

  private void act(Action action) {
    work.add(action);
  }

  private void tell(String reason, String message) {
    act(new Action.Emit(Note.normal(job, reason, message, COMPONENT)));
  }

  private int spec(String field, int otherwise) {
    return Json.at(job, "spec", field).asInt(otherwise);
  }

  private OptionalInt completions() {
    JsonNode wanted = Json.at(job, "spec", "completions");
    return wanted.isIntegralNumber() ? OptionalInt.of(wanted.asInt()) : OptionalInt.empty();
  }

  private boolean isIndexed() {
    return Json.text(job, "spec", "completionMode").equals("Indexed");
  }

  private void advance() {
    boolean suspended = Json.at(job, "spec", "suspend").asBoolean(false);
    noteSuspension(suspended);
    if (!suspended && !status.has("startTime")) {
      status.put("startTime", Times.format(now));
    }
    Optional<Condition> failure = failure();
    if (failure.isPresent()) {
      active.forEach(this::stop);
      end(failure.get());
    } else if (isComplete()) {
      active.forEach(this::stop);
      complete();
    } else if (suspended) {
      active.forEach(this::stop);
    } else {
      keepRunning();
    }
    report();
  }

  private void noteSuspension(boolean suspended) {
    boolean before = Conditions.isTrue(next, "Suspended");
    if (suspended == before) {
      return;
    }
    String reason = suspended ? "JobSuspended" : "JobResumed";
    String message = suspended ? "Job suspended" : "Job resumed";
    String value = suspended ? Condition.TRUE : Condition.FALSE;
    Conditions.set(next, new Condition("Suspended", value, reason, message, now, 0));
    tell(suspended ? "Suspended" : "Resumed", message);
    if (suspended) {
      status.remove("startTime");
    } else {
      status.put("startTime", Times.format(now));
    }
  }

  private Optional<Condition> failure() {
    int limit = spec("backoffLimit", 6);
    int restarts = active.stream().mapToInt(JobPods::restarts).sum();
    if (counting.failed() > limit || (restarts > 0 && restarts >= limit)) {
      return failed("BackoffLimitExceeded", "Job has reached the specified backoff limit");
    }
    JsonNode deadline = Json.at(job, "spec", "activeDeadlineSeconds");
    Optional<Instant> start = Times.at(next, "status", "startTime");
    if (!deadline.isIntegralNumber() || start.isEmpty()) {
      return Optional.empty();
    }
    Duration left = Duration.between(now, start.get().plusSeconds(deadline.asLong()));
    if (left.isPositive()) {
      lookAgain(left);
      return Optional.empty();
    }
    return failed("DeadlineExceeded", "Job was active longer than specified deadline");
  }

  private Optional<Condition> failed(String reason, String message) {
    return Optional.of(new Condition("Failed", Condition.TRUE, reason, message, now, 0));
  }

  private boolean isComplete() {
    OptionalInt wanted = completions();
    if (wanted.isEmpty()) {
      return counting.succeeded() > 0 && active.isEmpty();
    }
    return isIndexed()
        ? counting.indexes().headSet(wanted.getAsInt(), false).size() >= wanted.getAsInt()
        : counting.succeeded() >= wanted.getAsInt();
  }

  /// Kubernetes says first that it will fail, and that it has failed when nothing runs any more.
  private void end(Condition failed) {
    Condition target =
        new Condition("FailureTarget", Condition.TRUE, failed.reason(), failed.message(), now, 0);
    Conditions.set(next, target);
    Conditions.set(next, failed);
    act(new Action.Emit(Note.warning(job, failed.reason(), failed.message(), COMPONENT)));
    clearWhenEnded();
  }

  private void complete() {
    String reason = "CompletionsReached";
    String message = "Reached expected number of succeeded pods";
    Conditions.set(
        next, new Condition("SuccessCriteriaMet", Condition.TRUE, reason, message, now, 0));
    Conditions.set(next, new Condition("Complete", Condition.TRUE, reason, message, now, 0));
    status.put("completionTime", Times.format(now));
    tell("Completed", "Job completed");
    clearWhenEnded();
  }

  private void clearWhenEnded() {
    Json.at(job, "spec", "ttlSecondsAfterFinished")
        .asLongOpt()
        .ifPresent(seconds -> lookAgain(Duration.ofSeconds(seconds)));
  }

  /// What the Job itself does not want any more is no failure: it is not counted.
  private void stop(ObjectNode pod) {
    if (JobPods.isTracked(pod)) {
      act(new Action.Update(Kinds.POD, JobPods.untracked(pod)));
    }
    act(Action.Delete.of(Kinds.POD, pod));
  }

  private void keepRunning() {
    int wanted = wantedActive();
    int surplus = active.size() - wanted;
    if (surplus > 0) {
      List<ObjectNode> going = active.stream().sorted(leastUsefulFirst()).limit(surplus).toList();
      going.forEach(this::stop);
      active.removeAll(going);
      tell("SuccessfulDelete", "Deleted " + counted(surplus));
    } else if (surplus < 0) {
      start(-surplus);
    }
  }

  private int wantedActive() {
    int parallelism = spec("parallelism", 1);
    OptionalInt completions = completions();
    if (completions.isEmpty()) {
      return counting.succeeded() > 0 ? active.size() : parallelism;
    }
    int done = isIndexed() ? counting.indexes().size() : counting.succeeded();
    return Math.max(0, Math.min(parallelism, completions.getAsInt() - done));
  }

  private void start(int missing) {
    Duration pause = backoff();
    if (pause.isPositive()) {
      lookAgain(pause);
      return;
    }
    int count = Math.min(missing, AT_ONCE);
    if (isIndexed()) {
      freeIndexes(count).forEach(i -> act(create(OptionalInt.of(i))));
    } else {
      IntStream.range(0, count).forEach(_ -> act(create(OptionalInt.empty())));
    }
    tell("SuccessfulCreate", "Created " + counted(count));
  }

  private Action create(OptionalInt index) {
    return new Action.Create(Kinds.POD, JobPods.create(job, index));
  }

  private List<Integer> freeIndexes(int count) {
    NavigableSet<Integer> done = counting.indexes();
    Set<Integer> taken =
        active.stream()
            .flatMap(pod -> JobPods.index(pod).stream().boxed())
            .collect(Collectors.toSet());
    return IntStream.range(0, completions().orElse(0))
        .filter(i -> !done.contains(i) && !taken.contains(i))
        .limit(count)
        .boxed()
        .toList();
  }

  /// Twice as long after each failure since the last success, from the end of the last one.
  private Duration backoff() {
    Optional<Instant> success =
        pods.stream()
            .filter(JobPods::succeeded)
            .flatMap(p -> JobPods.ended(p).stream())
            .max(Instant::compareTo);
    List<Instant> failures =
        pods.stream()
            .filter(JobPods::failed)
            .flatMap(pod -> JobPods.ended(pod).stream())
            .filter(end -> success.isEmpty() || end.isAfter(success.get()))
            .sorted()
            .toList();
    if (failures.isEmpty()) {
      return Duration.ZERO;
    }
    Duration pause = FIRST_BACKOFF.multipliedBy(1L << Math.min(failures.size() - 1, 10));
    Duration limited = pause.compareTo(LONGEST_BACKOFF) > 0 ? LONGEST_BACKOFF : pause;
    return Duration.between(now, failures.getLast().plus(limited));
  }

  private static Comparator<ObjectNode> leastUsefulFirst() {
    return Comparator.<ObjectNode, Boolean>comparing(
            pod -> !Json.text(pod, "spec", "nodeName").isEmpty())
        .thenComparing(JobPods::ready)
        .thenComparing(
            pod -> Json.text(pod, "metadata", "creationTimestamp"), Comparator.reverseOrder())
        .thenComparing(Json::name);
  }

  private static String counted(int pods) {
    return pods == 1 ? "1 pod" : pods + " pods";
  }

  private void lookAgain(Duration delay) {
    again = Optional.of(again.filter(other -> other.compareTo(delay) <= 0).orElse(delay));
  }

  private void report() {
    boolean ended = isFinished(next);
    List<ObjectNode> running = ended ? List.of() : active;
    Counting.put(status, "active", running.size());
    status.put("ready", (int) running.stream().filter(JobPods::ready).count());
    status.put("terminating", (int) pods.stream().filter(JobPlan::isGoing).count());
  }

  private static boolean isGoing(ObjectNode pod) {
    String phase = Json.text(pod, "status", "phase");
    return Json.isDeleting(pod) && !phase.equals("Succeeded") && !phase.equals("Failed");
  }

  /// A finished Job goes when its time is over.
  private void cleanUp() {
    JsonNode ttl = Json.at(job, "spec", "ttlSecondsAfterFinished");
    active.forEach(this::stop);
    report();
    if (!ttl.isIntegralNumber() || Json.isDeleting(job)) {
      return;
    }
    Instant finished =
        Conditions.find(job, "Complete")
            .or(() -> Conditions.find(job, "Failed"))
            .map(Condition::lastTransitionTime)
            .orElse(now);
    Duration left = Duration.between(now, finished.plusSeconds(ttl.asLong()));
    if (left.isPositive()) {
      lookAgain(left);
    } else {
      act(Action.Delete.of(Kinds.JOB, job));
    }
  }
}
