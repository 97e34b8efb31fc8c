package dev.berth.api.schema;

import static dev.berth.api.schema.PodDefaults.isAbsent;
import static dev.berth.api.schema.PodDefaults.objects;
import static dev.berth.api.schema.PodDefaults.put;

import dev.berth.api.Json;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What happens by the clock or by the load: CronJobs and HorizontalPodAutoscalers
/// (autoscaling/v2); the words are Kubernetes'.
final class TimedRules {
  private static final int LONGEST_NAME = 52;
  private static final Set<String> EVERY =
      Set.of("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly");
  private static final Pattern PART = Pattern.compile("[0-9A-Za-z*?,/-]+");
  private static final Pattern EVERY_DURATION =
      Pattern.compile("@every ([0-9]+(\\.[0-9]+)?(h|m|s|ms|us|ns))+");

  /// The kind of a metric to the field that says more about it.
  private static final Map<String, String> SOURCES =
      Map.of(
          "Resource", "resource",
          "ContainerResource", "containerResource",
          "Pods", "pods",
          "Object", "object",
          "External", "external");

  private static final Set<String> TARGETS = Set.of("Utilization", "Value", "AverageValue");
  private static final int TARGET_PERCENT = 80;

  private TimedRules() {}

  // CronJob.

  static void cronJobDefaults(ObjectNode job) {
    ObjectNode spec = Json.ensure(job, "spec");
    put(spec, "concurrencyPolicy", "Allow");
    put(spec, "successfulJobsHistoryLimit", 3);
    put(spec, "failedJobsHistoryLimit", 1);
    if (isAbsent(spec, "suspend")) {
      spec.put("suspend", false);
    }
    PodDefaults.template(Json.at(spec, "jobTemplate", "spec", "template"));
  }

  static void cronJob(JsonNode job, List<FieldError> errors) {
    JsonNode spec = job.path("spec");
    if (Json.name(job).length() > LONGEST_NAME) {
      errors.add(
          FieldError.invalid(
              "metadata.name", Json.name(job), "must be no more than 52 characters"));
    }
    schedule(Json.text(spec, "schedule"), errors);
    zone(spec, errors);
    for (String field :
        List.of(
            "startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit")) {
      PodRules.atLeastZero(spec, field, "spec", errors);
    }
    ContainerRules.supported(
        spec, "concurrencyPolicy", Set.of("Allow", "Forbid", "Replace"), "spec", errors);
    JsonNode template = Json.at(spec, "jobTemplate", "spec");
    if (!Json.isEmpty(template.path("selector"))
        && !template.path("manualSelector").asBoolean(false)) {
      errors.add(
          FieldError.invalid(
              "spec.jobTemplate.spec.selector",
              template.path("selector"),
              "`selector` will be auto-generated"));
    }
    WorkloadRules.jobSpec(template, "spec.jobTemplate.spec", errors);
  }

  private static void schedule(String schedule, List<FieldError> errors) {
    if (schedule.isEmpty()) {
      errors.add(FieldError.required("spec.schedule", ""));
      return;
    }
    if (schedule.contains("TZ=")) {
      errors.add(
          FieldError.invalid(
              "spec.schedule",
              schedule,
              "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"));
      return;
    }
    if (schedule.startsWith("@")) {
      if (!EVERY.contains(schedule) && !EVERY_DURATION.matcher(schedule).matches()) {
        errors.add(
            FieldError.invalid("spec.schedule", schedule, "unrecognized descriptor: " + schedule));
      }
      return;
    }
    List<String> parts = List.of(schedule.strip().split("\\s+", -1));
    if (parts.size() != 5) {
      errors.add(
          FieldError.invalid(
              "spec.schedule",
              schedule,
              "expected exactly 5 fields, found %d: [%s]"
                  .formatted(parts.size(), String.join(" ", parts))));
    } else {
      parts.stream()
          .filter(part -> !PART.matcher(part).matches())
          .findFirst()
          .ifPresent(
              part ->
                  errors.add(
                      FieldError.invalid(
                          "spec.schedule", schedule, "failed to parse int from " + part)));
    }
  }

  private static void zone(JsonNode spec, List<FieldError> errors) {
    if (!spec.path("timeZone").isString()) {
      return;
    }
    String zone = Json.text(spec, "timeZone");
    try {
      ZoneId.of(zone);
    } catch (DateTimeException e) {
      errors.add(FieldError.invalid("spec.timeZone", zone, "unknown time zone " + zone));
    }
  }

  // HorizontalPodAutoscaler.

  static void autoscalerDefaults(ObjectNode scaler) {
    ObjectNode spec = Json.ensure(scaler, "spec");
    put(spec, "minReplicas", 1);
    if (spec.path("metrics").isEmpty()) {
      ObjectNode metric = spec.putArray("metrics").addObject().put("type", "Resource");
      metric
          .putObject("resource")
          .put("name", "cpu")
          .putObject("target")
          .put("type", "Utilization")
          .put("averageUtilization", TARGET_PERCENT);
    }
    if (spec.get("behavior") instanceof ObjectNode behavior) {
      pace(Json.ensure(behavior, "scaleUp"), true);
      pace(Json.ensure(behavior, "scaleDown"), false);
    }
  }

  static void olderAutoscalerDefaults(ObjectNode scaler) {
    put(Json.ensure(scaler, "spec"), "minReplicas", 1);
  }

  /// Up: doubled or four pods more in 15 s, at once. Down: all of them in 15 s.
  private static void pace(ObjectNode rules, boolean up) {
    put(rules, "selectPolicy", "Max");
    if (up) {
      put(rules, "stabilizationWindowSeconds", 0);
    }
    if (isAbsent(rules, "policies")) {
      var policies = rules.putArray("policies");
      if (up) {
        policies.addObject().put("type", "Pods").put("value", 4).put("periodSeconds", 15);
      }
      policies.addObject().put("type", "Percent").put("value", 100).put("periodSeconds", 15);
    }
  }

  static void autoscaler(JsonNode scaler, List<FieldError> errors) {
    JsonNode spec = scaler.path("spec");
    if (spec.path("minReplicas").isNumber() && spec.path("minReplicas").asLong(1) < 1) {
      errors.add(
          FieldError.invalid(
              "spec.minReplicas",
              spec.path("minReplicas").asLong(0),
              "must be greater than or equal to 1"));
    }
    long most = spec.path("maxReplicas").asLong(0);
    if (most < 1) {
      errors.add(FieldError.invalid("spec.maxReplicas", most, "must be greater than 0"));
    } else if (most < spec.path("minReplicas").asLong(1)) {
      errors.add(
          FieldError.invalid(
              "spec.maxReplicas", most, "must be greater than or equal to `minReplicas`"));
    }
    for (String field : List.of("kind", "name")) {
      if (Json.text(spec, "scaleTargetRef", field).isEmpty()) {
        errors.add(FieldError.required("spec.scaleTargetRef." + field, ""));
      }
    }
    JsonNode metrics = spec.path("metrics");
    for (int i = 0; i < metrics.size(); i++) {
      metric(metrics.path(i), "spec.metrics[" + i + "]", errors);
    }
    for (String side : List.of("scaleUp", "scaleDown")) {
      behavior(Json.at(spec, "behavior", side), "spec.behavior." + side, errors);
    }
  }

  private static void metric(JsonNode metric, String path, List<FieldError> errors) {
    String type = Json.text(metric, "type");
    if (type.isEmpty()) {
      errors.add(FieldError.required(path + ".type", "must specify a metric source type"));
      return;
    }
    ContainerRules.supported(metric, "type", SOURCES.keySet(), path, errors);
    String source = SOURCES.getOrDefault(type, "");
    if (source.isEmpty()) {
      return;
    }
    String at = path + "." + source;
    if (!metric.path(source).isObject()) {
      errors.add(
          FieldError.required(
              at, "must populate information for the given metric source (\"" + type + "\")"));
      return;
    }
    JsonNode target = metric.path(source).path("target");
    if (Json.text(target, "type").isEmpty()) {
      errors.add(FieldError.required(at + ".target.type", "must specify a metric target type"));
    }
    ContainerRules.supported(target, "type", TARGETS, at + ".target", errors);
    if (target.path("averageUtilization").isNumber()
        && target.path("averageUtilization").asLong(1) < 1) {
      errors.add(
          FieldError.invalid(
              at + ".target.averageUtilization",
              target.path("averageUtilization").asLong(0),
              "must be greater than 0"));
    }
    if (source.endsWith("esource") && Json.text(metric.path(source), "name").isEmpty()) {
      errors.add(FieldError.required(at + ".name", "must specify a resource name"));
    }
  }

  private static void behavior(JsonNode rules, String path, List<FieldError> errors) {
    ContainerRules.supported(rules, "selectPolicy", Set.of("Max", "Min", "Disabled"), path, errors);
    PodRules.atLeastZero(rules, "stabilizationWindowSeconds", path, errors);
    List<ObjectNode> policies = objects(rules.path("policies"));
    for (int i = 0; i < policies.size(); i++) {
      String at = path + ".policies[" + i + "]";
      ContainerRules.supported(policies.get(i), "type", Set.of("Pods", "Percent"), at, errors);
      for (String field : List.of("value", "periodSeconds")) {
        if (policies.get(i).path(field).asLong(0) < 1) {
          errors.add(
              FieldError.invalid(
                  at + "." + field,
                  policies.get(i).path(field).asLong(0),
                  "must be greater than zero"));
        }
      }
    }
  }
}
