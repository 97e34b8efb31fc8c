package dev.berth.controller.job;

import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.Times;
import dev.berth.controller.reconcile.Owners;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What the pods of a Job look like, and what they say.
final class JobPods {
  static final String FINALIZER = "batch.kubernetes.io/job-tracking";
  static final String INDEX = "batch.kubernetes.io/job-completion-index";

  private JobPods() {}

  static boolean succeeded(JsonNode pod) {
    return Json.text(pod, "status", "phase").equals("Succeeded");
  }

  /// A pod that is being deleted has failed, whatever it does until it is gone.
  static boolean failed(JsonNode pod) {
    return Json.text(pod, "status", "phase").equals("Failed")
        || (Json.isDeleting(pod) && !succeeded(pod));
  }

  static boolean active(JsonNode pod) {
    return !succeeded(pod) && !failed(pod);
  }

  static boolean ready(JsonNode pod) {
    return Conditions.isTrue(pod, "Ready");
  }

  static boolean isTracked(JsonNode pod) {
    for (JsonNode finalizer : Json.at(pod, "metadata", "finalizers")) {
      if (finalizer.asString("").equals(FINALIZER)) {
        return true;
      }
    }
    return false;
  }

  static ObjectNode untracked(ObjectNode pod) {
    ObjectNode next = Json.deepCopy(pod);
    ArrayNode kept = Json.array();
    for (JsonNode finalizer : Json.at(pod, "metadata", "finalizers")) {
      if (!finalizer.asString("").equals(FINALIZER)) {
        kept.add(finalizer);
      }
    }
    if (kept.isEmpty()) {
      Json.meta(next).remove("finalizers");
    } else {
      Json.meta(next).set("finalizers", kept);
    }
    return next;
  }

  static OptionalInt index(JsonNode pod) {
    Optional<String> text = Json.annotation(pod, INDEX);
    try {
      return text.isPresent() ? OptionalInt.of(Integer.parseInt(text.get())) : OptionalInt.empty();
    } catch (NumberFormatException e) {
      return OptionalInt.empty();
    }
  }

  /// How often the containers of a pod that restarts them itself have failed.
  static int restarts(JsonNode pod) {
    if (!Json.text(pod, "spec", "restartPolicy").equals("OnFailure")) {
      return 0;
    }
    return StreamSupport.stream(Json.at(pod, "status", "containerStatuses").spliterator(), false)
        .mapToInt(status -> status.path("restartCount").asInt(0))
        .sum();
  }

  /// When the last container of a pod ended.
  static Optional<Instant> ended(JsonNode pod) {
    return StreamSupport.stream(Json.at(pod, "status", "containerStatuses").spliterator(), false)
        .flatMap(status -> Times.at(status, "state", "terminated", "finishedAt").stream())
        .max(Instant::compareTo)
        .or(() -> Times.at(pod, "metadata", "deletionTimestamp"));
  }

  static ObjectNode create(ObjectNode job, OptionalInt index) {
    JsonNode template = Json.at(job, "spec", "template");
    ObjectNode pod = Json.object().put("apiVersion", "v1").put("kind", "Pod");
    ObjectNode meta = Json.meta(pod);
    String stem = Json.name(job) + "-" + (index.isPresent() ? index.getAsInt() + "-" : "");
    meta.put("generateName", stem).put("namespace", Json.namespace(job));
    for (String field : List.of("labels", "annotations")) {
      if (!Json.isEmpty(template.path("metadata").path(field))) {
        meta.set(field, template.path("metadata").path(field).deepCopy());
      }
    }
    meta.putArray("finalizers").add(FINALIZER);
    Owners.setController(pod, Kinds.JOB, job);
    pod.set("spec", template.path("spec").deepCopy());
    index.ifPresent(i -> number(pod, Json.name(job), i));
    return pod;
  }

  private static void number(ObjectNode pod, String job, int index) {
    String text = Integer.toString(index);
    Json.ensure(Json.meta(pod), "labels").put(INDEX, text);
    Json.ensure(Json.meta(pod), "annotations").put(INDEX, text);
    ObjectNode spec = Json.ensure(pod, "spec");
    if (Json.text(spec, "hostname").isEmpty()) {
      spec.put("hostname", job + "-" + text);
    }
    for (String list : List.of("initContainers", "containers")) {
      for (JsonNode container : spec.path(list)) {
        ArrayNode env =
            container.get("env") instanceof ArrayNode present
                ? present
                : ((ObjectNode) container).putArray("env");
        env.addObject().put("name", "JOB_COMPLETION_INDEX").put("value", text);
      }
    }
  }
}
