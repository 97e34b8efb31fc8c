package dev.berth.cli.why;

import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.why.Explanation;
import dev.berth.api.why.Link;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/// One line about an object with nothing wrong: what runs, or what it is waiting for.
final class Health {
  private Health() {}

  static String of(JsonNode object, Explanation why) {
    return why.chain().isEmpty()
        ? of(object)
        : String.join(", ", why.chain().stream().map(Link::statement).toList());
  }

  private static String of(JsonNode object) {
    return switch (Json.text(object, "kind")) {
      case "ModelApp" -> app(object);
      case "Pod" -> pod(object);
      case "Deployment", "ReplicaSet" ->
          number(object, "status", "readyReplicas")
              + " of "
              + number(object, "spec", "replicas")
              + " replicas are ready";
      case "ImageBuild" ->
          Json.optional(object, "status", "phase")
              .map(phase -> phase.toLowerCase(Locale.ROOT))
              .orElse("waiting for a host");
      case "Node" -> "Ready";
      default -> conditions(object);
    };
  }

  private static String app(JsonNode app) {
    List<String> parts = new ArrayList<>();
    for (JsonNode revision : Json.at(app, "status", "revisions")) {
      parts.add("model " + Json.text(revision, "name") + " " + ready(revision));
    }
    Json.optional(app, "status", "endpoint", "protocol")
        .ifPresent(protocol -> parts.add("endpoint speaks " + protocol));
    JsonNode component = Json.at(app, "status", "app");
    if (component.isObject()) {
      parts.add("app " + ready(component));
    }
    Json.optional(app, "status", "url").ifPresent(parts::add);
    return parts.isEmpty() ? conditions(app) : String.join(", ", parts);
  }

  private static String ready(JsonNode of) {
    return of.path("ready").asInt(0) + "/" + of.path("desired").asInt(0);
  }

  private static String pod(JsonNode pod) {
    int ready = 0;
    int all = 0;
    int restarts = 0;
    for (JsonNode container : Json.at(pod, "status", "containerStatuses")) {
      all++;
      ready += container.path("ready").asBoolean(false) ? 1 : 0;
      restarts += container.path("restartCount").asInt(0);
    }
    return Json.text(pod, "status", "phase")
        + ", "
        + ready
        + "/"
        + all
        + " ready"
        + (restarts == 0 ? "" : ", restarted " + restarts + (restarts == 1 ? " time" : " times"));
  }

  private static int number(JsonNode object, String... names) {
    return Json.at(object, names).asInt(0);
  }

  /// The conditions that hold back, in their own words.
  private static String conditions(JsonNode object) {
    List<String> open = new ArrayList<>();
    for (Condition condition : Conditions.all(object)) {
      if (!condition.isTrue()) {
        open.add(
            condition.type() + (condition.message().isEmpty() ? "" : ": " + condition.message()));
      }
    }
    return open.isEmpty() ? "nothing speaks against it" : String.join("; ", open);
  }
}
