package dev.berth.api.schema;

import dev.berth.api.Json;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Rules of the kinds that make pods, beyond Deployments and ReplicaSets.
final class WorkloadRules {
  private static final Set<String> ENDING = Set.of("OnFailure", "Never");

  private WorkloadRules() {}

  static void job(JsonNode job, List<FieldError> errors) {
    jobSpec(job.path("spec"), "spec", errors);
  }

  static void jobSpec(JsonNode spec, String path, List<FieldError> errors) {
    for (String field :
        List.of(
            "parallelism",
            "completions",
            "backoffLimit",
            "activeDeadlineSeconds",
            "ttlSecondsAfterFinished")) {
      PodRules.atLeastZero(spec, field, path, errors);
    }
    ContainerRules.supported(spec, "completionMode", Set.of("NonIndexed", "Indexed"), path, errors);
    boolean indexed = Json.text(spec, "completionMode").equals("Indexed");
    if (indexed && !spec.path("completions").isNumber()) {
      errors.add(FieldError.required(path + ".completions", "when completion mode is Indexed"));
    }
    MetadataRules.selector(spec.path("selector"), path + ".selector", errors);
    JsonNode pod = Json.at(spec, "template", "spec");
    PodRules.spec(pod, path + ".template.spec", errors);
    ContainerRules.supported(pod, "restartPolicy", ENDING, path + ".template.spec", errors);
    MetadataRules.labels(
        Json.at(spec, "template", "metadata", "labels"), path + ".template.labels", errors);
  }

  /// The template of a suspended job that never ran may change where Kubernetes says so; nothing
  /// here depends on it, so all of it is fixed.
  static void jobUpdate(JsonNode old, JsonNode changed, List<FieldError> errors) {
    for (String field : List.of("selector", "template", "completionMode", "podFailurePolicy")) {
      unchanged(old, changed, "spec." + field, errors);
    }
    boolean indexed = Json.text(changed, "spec", "completionMode").equals("Indexed");
    if (!indexed) {
      unchanged(old, changed, "spec.completions", errors);
    }
  }

  /// The field, a path of names, is what it was.
  static void unchanged(JsonNode old, JsonNode changed, String path, List<FieldError> errors) {
    String[] names = path.split("\\.", -1);
    JsonNode before = Json.at(old, names);
    JsonNode after = Json.at(changed, names);
    boolean absent = before.isMissingNode() && Json.isEmpty(after);
    if (!absent && !before.equals(after)) {
      errors.add(
          FieldError.invalid(
              path, after.isString() ? after.stringValue() : after, "field is immutable"));
    }
  }

  static void disruptionBudget(JsonNode budget, List<FieldError> errors) {
    JsonNode spec = budget.path("spec");
    boolean least = !Json.isEmpty(spec.path("minAvailable"));
    boolean most = !Json.isEmpty(spec.path("maxUnavailable"));
    if (least && most) {
      errors.add(
          FieldError.invalid("spec", "", "minAvailable and maxUnavailable cannot be both set"));
    }
    MetadataRules.selector(spec.path("selector"), "spec.selector", errors);
    for (String field : List.of("minAvailable", "maxUnavailable")) {
      share(spec.path(field), "spec." + field, errors);
    }
    ContainerRules.supported(
        spec,
        "unhealthyPodEvictionPolicy",
        Set.of("IfHealthyBudget", "AlwaysAllow"),
        "spec",
        errors);
  }

  /// A number of pods or a part of them.
  static void share(JsonNode value, String path, List<FieldError> errors) {
    boolean percent = value.isString() && value.stringValue().matches("[0-9]+%");
    if (value.isString() && !percent) {
      errors.add(
          FieldError.invalid(
              path,
              value.stringValue(),
              "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%',"
                  + " regex used for validation is '[0-9]+%')"));
    } else if (value.isNumber() && value.asLong(0) < 0) {
      errors.add(FieldError.invalid(path, value.asLong(0), "must be greater than or equal to 0"));
    }
  }
}
