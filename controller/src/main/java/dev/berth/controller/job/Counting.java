package dev.berth.controller.job;

import dev.berth.api.Json;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Counts pods that ended, each once (Kubernetes: `status.uncountedTerminatedPods`).
///
/// First the uid of an ended pod is stored as uncounted; then its finalizer is removed; when that
/// is seen, the uid becomes a part of the count. Whatever is interrupted goes on from there.
final class Counting {
  private final ObjectNode status;
  private final List<ObjectNode> pods;
  private final Map<String, ObjectNode> byUid;
  private final List<ObjectNode> recorded = new ArrayList<>();
  private final NavigableSet<Integer> indexes;

  /// @param status of the Job; changed in place
  Counting(ObjectNode status, List<ObjectNode> pods) {
    this.status = status;
    this.pods = pods;
    this.byUid = pods.stream().collect(Collectors.toMap(Json::uid, Function.identity()));
    this.indexes = new TreeSet<>(Indexes.parse(Json.text(status, "completedIndexes")));
  }

  void run() {
    Set<String> succeeded = uncounted("succeeded");
    Set<String> failed = uncounted("failed");
    // Only what an earlier plan has stored may lose its finalizer.
    pods.stream()
        .filter(JobPods::isTracked)
        .filter(pod -> succeeded.contains(Json.uid(pod)) || failed.contains(Json.uid(pod)))
        .forEach(pod -> recorded.add(JobPods.untracked(pod)));
    count("succeeded", succeeded);
    count("failed", failed);
    for (ObjectNode pod : pods) {
      String uid = Json.uid(pod);
      boolean known = succeeded.contains(uid) || failed.contains(uid);
      if (JobPods.isTracked(pod) && !known) {
        note(pod, succeeded, failed);
      }
    }
    store(succeeded, failed);
  }

  private void note(ObjectNode pod, Set<String> succeeded, Set<String> failed) {
    if (JobPods.succeeded(pod)) {
      succeeded.add(Json.uid(pod));
      JobPods.index(pod).ifPresent(indexes::add);
    } else if (JobPods.failed(pod)) {
      failed.add(Json.uid(pod));
    }
  }

  private Set<String> uncounted(String field) {
    Set<String> uids = new LinkedHashSet<>();
    for (JsonNode uid : Json.at(status, "uncountedTerminatedPods", field)) {
      uids.add(uid.asString(""));
    }
    return uids;
  }

  private void count(String field, Set<String> uids) {
    List<String> settled = uids.stream().filter(this::isSettled).toList();
    put(status, field, status.path(field).asInt(0) + settled.size());
    settled.forEach(uids::remove);
  }

  private boolean isSettled(String uid) {
    ObjectNode pod = byUid.get(uid);
    return pod == null || !JobPods.isTracked(pod);
  }

  private void store(Set<String> succeeded, Set<String> failed) {
    ObjectNode uncounted = status.putObject("uncountedTerminatedPods");
    put(uncounted, "succeeded", succeeded);
    put(uncounted, "failed", failed);
    String text = Indexes.format(indexes);
    if (!text.isEmpty()) {
      status.put("completedIndexes", text);
    }
  }

  private static void put(ObjectNode node, String field, Set<String> uids) {
    if (!uids.isEmpty()) {
      uids.forEach(node.putArray(field)::add);
    }
  }

  static void put(ObjectNode status, String field, int count) {
    if (count == 0) {
      status.remove(field);
    } else {
      status.put(field, count);
    }
  }

  /// Pods whose end is stored, as they shall be: without the finalizer.
  List<ObjectNode> recorded() {
    return recorded;
  }

  int succeeded() {
    return status.path("succeeded").asInt(0) + uncounted("succeeded").size();
  }

  int failed() {
    return status.path("failed").asInt(0) + uncounted("failed").size();
  }

  NavigableSet<Integer> indexes() {
    return indexes;
  }
}
