package dev.berth.api;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One condition of `status.conditions`; an `observedGeneration` of 0 is left out on the wire.
public record Condition(
    String type,
    String status,
    String reason,
    String message,
    Instant lastTransitionTime,
    long observedGeneration) {
  public static final String TRUE = "True";
  public static final String FALSE = "False";
  public static final String UNKNOWN = "Unknown";

  public boolean isTrue() {
    return status.equals(TRUE);
  }

  static Condition read(JsonNode node) {
    return new Condition(
        Json.text(node, "type"),
        Json.text(node, "status"),
        Json.text(node, "reason"),
        Json.text(node, "message"),
        time(Json.text(node, "lastTransitionTime")),
        node.path("observedGeneration").asLong(0));
  }

  void write(ObjectNode node) {
    node.put("type", type).put("status", status).put("reason", reason).put("message", message);
    node.put("lastTransitionTime", Times.format(lastTransitionTime));
    if (observedGeneration > 0) {
      node.put("observedGeneration", observedGeneration);
    }
  }

  private static Instant time(String text) {
    try {
      return text.isEmpty() ? Instant.EPOCH : Instant.parse(text);
    } catch (DateTimeParseException e) {
      return Instant.EPOCH;
    }
  }
}
