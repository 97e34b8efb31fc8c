package dev.berth.api.schema;

import static dev.berth.api.schema.Cells.age;
import static dev.berth.api.schema.Cells.createdAt;
import static dev.berth.api.schema.Cells.name;
import static dev.berth.api.schema.Cells.number;
import static dev.berth.api.schema.Cells.text;

import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Times;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// The tables of quotas, limits, priorities, runtimes and certificates, in kubectl's columns.
final class PolicyColumns {
  private PolicyColumns() {}

  static List<Column> quota() {
    return List.of(
        name(),
        text("Request", "What is used of what may be requested.", q -> used(q, false)),
        text("Limit", "What is used of the limits.", q -> used(q, true)),
        age());
  }

  private static String used(JsonNode quota, boolean limits) {
    JsonNode hard = Json.at(quota, "status", "hard");
    List<String> parts = new ArrayList<>();
    for (String name : new TreeSet<>(hard.propertyNames())) {
      if (name.startsWith("limits") == limits) {
        String known = Json.text(quota, "status", "used", name);
        String used = known.isEmpty() ? "0" : known;
        parts.add(name + ": " + used + "/" + hard.path(name).asString(""));
      }
    }
    return String.join(", ", parts);
  }

  static List<Column> limits() {
    return List.of(name(), createdAt());
  }

  static List<Column> priority() {
    return List.of(
        name(),
        number("Value", "The priority.", p -> p.path("value").asLong(0)),
        new Column(
            "Global-Default",
            "boolean",
            "",
            "Whether pods without a class get it.",
            0,
            (p, _) -> p.path("globalDefault").asBoolean(false)),
        age(),
        text(
            "PreemptionPolicy",
            "Whether it drives others away.",
            p -> Json.text(p, "preemptionPolicy")));
  }

  static List<Column> runtime() {
    return List.of(
        name(), text("Handler", "What runs the pods.", r -> Json.text(r, "handler")), age());
  }

  static List<Column> certificate() {
    return List.of(
        name(),
        age(),
        text("SignerName", "Who shall sign.", c -> Json.text(c, "spec", "signerName")),
        text("Requestor", "Who asks.", c -> Json.text(c, "spec", "username")),
        text("RequestedDuration", "How long it shall hold.", PolicyColumns::duration),
        text("Condition", "How far it is.", PolicyColumns::condition));
  }

  private static String duration(JsonNode request) {
    JsonNode seconds = Json.at(request, "spec", "expirationSeconds");
    return seconds.isNumber() ? Times.age(Duration.ofSeconds(seconds.asLong(0))) : Cells.NONE;
  }

  private static String condition(JsonNode request) {
    List<String> parts = new ArrayList<>();
    for (String type : List.of("Approved", "Denied", "Failed")) {
      if (Conditions.find(request, type).map(Condition::isTrue).orElse(false)) {
        parts.add(type);
      }
    }
    if (parts.isEmpty()) {
      parts.add("Pending");
    }
    if (!Json.text(request, "status", "certificate").isEmpty()) {
      parts.add("Issued");
    }
    return String.join(",", parts);
  }
}
