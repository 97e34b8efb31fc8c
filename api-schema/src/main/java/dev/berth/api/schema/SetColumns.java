package dev.berth.api.schema;

import static dev.berth.api.schema.Cells.age;
import static dev.berth.api.schema.Cells.name;
import static dev.berth.api.schema.Cells.number;
import static dev.berth.api.schema.Cells.orNone;
import static dev.berth.api.schema.Cells.text;
import static dev.berth.api.schema.Cells.timed;
import static dev.berth.api.schema.Cells.wide;

import dev.berth.api.Json;
import dev.berth.api.LabelSelector;
import dev.berth.api.Times;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// The tables of sets of pods, of their revisions, and of what makes jobs and pods by the clock or
/// by the load, in kubectl's columns.
final class SetColumns {
  private static final int SHOWN = 2;

  private SetColumns() {}

  static List<Column> stateful() {
    List<Column> columns = new ArrayList<>();
    columns.add(name());
    columns.add(
        text(
            "Ready",
            "Ready pods of the wanted ones.",
            s -> number(s, "status", "readyReplicas") + "/" + number(s, "spec", "replicas")));
    columns.add(age());
    columns.addAll(Cells.templateColumns().subList(0, 2));
    return columns;
  }

  static List<Column> daemon() {
    List<Column> columns = new ArrayList<>();
    columns.add(name());
    columns.add(count("Desired", "Nodes that need a pod.", "desiredNumberScheduled"));
    columns.add(count("Current", "Nodes that have one.", "currentNumberScheduled"));
    columns.add(count("Ready", "Pods that are ready.", "numberReady"));
    columns.add(count("Up-to-date", "Pods of the newest template.", "updatedNumberScheduled"));
    columns.add(count("Available", "Pods that are ready long enough.", "numberAvailable"));
    columns.add(text("Node Selector", "Labels of the nodes.", SetColumns::nodes));
    columns.add(age());
    columns.addAll(Cells.templateColumns());
    return columns;
  }

  private static Column count(String name, String says, String field) {
    return number(name, says, s -> number(s, "status", field));
  }

  private static String nodes(JsonNode set) {
    return labels(Json.at(set, "spec", "template", "spec", "nodeSelector"));
  }

  private static String labels(JsonNode labels) {
    return orNone(LabelSelector.of(Json.strings(labels)).toString());
  }

  static List<Column> controller() {
    List<Column> columns = new ArrayList<>();
    columns.add(name());
    columns.add(number("Desired", "Wanted pods.", c -> number(c, "spec", "replicas")));
    columns.add(count("Current", "Pods that exist.", "replicas"));
    columns.add(count("Ready", "Pods that are ready.", "readyReplicas"));
    columns.add(age());
    columns.addAll(Cells.templateColumns().subList(0, 2));
    columns.add(
        wide("Selector", "Labels of the pods.", c -> labels(Json.at(c, "spec", "selector"))));
    return columns;
  }

  static List<Column> podTemplate() {
    return List.of(
        name(),
        text("Containers", "Names of the containers.", t -> containers(t, "name")),
        text("Images", "Images of the containers.", t -> containers(t, "image")),
        text(
            "Pod Labels",
            "Labels of the pods.",
            t -> labels(Json.at(t, "template", "metadata", "labels"))));
  }

  private static String containers(JsonNode template, String field) {
    return Json.at(template, "template", "spec", "containers")
        .valueStream()
        .map(container -> Json.text(container, field))
        .collect(Collectors.joining(","));
  }

  static List<Column> revision() {
    return List.of(
        name(),
        text("Controller", "Whose revision it is.", SetColumns::owner),
        number("Revision", "Its number.", r -> r.path("revision").asLong(0)),
        age());
  }

  /// `statefulset.apps/web`.
  private static String owner(JsonNode revision) {
    for (JsonNode owner : Json.at(revision, "metadata", "ownerReferences")) {
      if (owner.path("controller").asBoolean(false)) {
        String version = Json.text(owner, "apiVersion");
        String group =
            version.contains("/") ? "." + version.substring(0, version.indexOf('/')) : "";
        String kind = Json.text(owner, "kind").toLowerCase(java.util.Locale.ROOT);
        return kind + group + "/" + Json.text(owner, "name");
      }
    }
    return Cells.NONE;
  }

  static List<Column> cronJob() {
    List<Column> columns = new ArrayList<>();
    columns.add(name());
    columns.add(text("Schedule", "When it runs.", c -> Json.text(c, "spec", "schedule")));
    columns.add(text("Timezone", "By which clock.", c -> orNone(Json.text(c, "spec", "timeZone"))));
    columns.add(
        text(
            "Suspend",
            "Whether it rests.",
            c -> Json.at(c, "spec", "suspend").asBoolean(false) ? "True" : "False"));
    columns.add(
        number("Active", "Jobs that run.", c -> (long) Json.at(c, "status", "active").size()));
    columns.add(
        timed(
            "Last Schedule",
            "When it last ran.",
            (c, now) ->
                Times.at(c, "status", "lastScheduleTime")
                    .map(last -> Times.age(Duration.between(last, now)))
                    .orElse(Cells.NONE)));
    columns.add(age());
    columns.add(wide("Containers", "Names of the containers.", c -> jobContainers(c, "name")));
    columns.add(wide("Images", "Images of the containers.", c -> jobContainers(c, "image")));
    columns.add(
        wide(
            "Selector",
            "Labels of the pods.",
            c -> Cells.selector(c, "spec", "jobTemplate", "spec", "selector")));
    return columns;
  }

  private static String jobContainers(JsonNode job, String field) {
    return containers(Json.at(job, "spec", "jobTemplate", "spec"), field);
  }

  static List<Column> autoscaler() {
    return List.of(
        name(),
        text("Reference", "What it scales.", SetColumns::reference),
        text("Targets", "What is measured, and what it shall be.", SetColumns::targets),
        text(
            "MinPods",
            "Fewest pods.",
            h -> {
              String fewest = Json.text(h, "spec", "minReplicas");
              return fewest.isEmpty() ? "<unset>" : fewest;
            }),
        number("MaxPods", "Most pods.", h -> number(h, "spec", "maxReplicas")),
        number("Replicas", "Pods now.", h -> number(h, "status", "currentReplicas")),
        age());
  }

  private static String reference(JsonNode scaler) {
    JsonNode target = Json.at(scaler, "spec", "scaleTargetRef");
    return Json.text(target, "kind") + "/" + Json.text(target, "name");
  }

  private static String targets(JsonNode scaler) {
    JsonNode metrics = Json.at(scaler, "spec", "metrics");
    if (metrics.isEmpty()) {
      return Cells.NONE;
    }
    JsonNode current = Json.at(scaler, "status", "currentMetrics");
    List<String> all = new ArrayList<>();
    for (int i = 0; i < metrics.size() && i < SHOWN; i++) {
      all.add(target(metrics.path(i), current.path(i)));
    }
    String shown = String.join(", ", all);
    return metrics.size() > SHOWN ? shown + " + " + (metrics.size() - SHOWN) + " more..." : shown;
  }

  /// `cpu: 12%/80%`; what nobody measured is unknown.
  private static String target(JsonNode metric, JsonNode current) {
    for (String source : List.of("resource", "containerResource", "pods", "object", "external")) {
      JsonNode wanted = metric.path(source);
      if (wanted.isObject()) {
        String name = Json.text(wanted, "name");
        String now = value(current.path(source).path("current"));
        String says = (now.isEmpty() ? "<unknown>" : now) + "/" + value(wanted.path("target"));
        return name.isEmpty() ? says : name + ": " + says;
      }
    }
    return "<unknown type>";
  }

  private static String value(JsonNode amounts) {
    JsonNode percent = amounts.path("averageUtilization");
    if (percent.isNumber()) {
      return percent.asLong(0) + "%";
    }
    return Stream.of("averageValue", "value")
        .map(field -> Json.text(amounts, field))
        .filter(text -> !text.isEmpty())
        .findFirst()
        .orElse("");
  }
}
