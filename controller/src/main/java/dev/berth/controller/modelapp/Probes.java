package dev.berth.controller.modelapp;

import dev.berth.api.Json;
import dev.berth.api.modelapp.HealthSpec;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The probes of a component's container, from `health` and from what the protocol promises.
final class Probes {
  private static final String READINESS = "readinessProbe";
  private static final String STARTUP = "startupProbe";
  private static final String LIVENESS = "livenessProbe";
  private static final Set<String> HANDLERS = Set.of("httpGet", "tcpSocket", "exec", "grpc");

  private Probes() {}

  /// @param otherwise what tells readiness when the user has not said
  static void add(
      ObjectNode container, HealthSpec health, int port, Optional<ObjectNode> otherwise) {
    Optional<ObjectNode> ready =
        health.readyPath().map(path -> get(path, port)).or(() -> otherwise);
    ready.ifPresent(
        probe -> {
          container.set(
              READINESS, Json.deepCopy(probe).put("periodSeconds", 2).put("timeoutSeconds", 2));
          container.set(STARTUP, startup(probe, startupSeconds(health)));
        });
    health
        .livePath()
        .ifPresent(
            path ->
                container.set(
                    LIVENESS, get(path, port).put("periodSeconds", 10).put("timeoutSeconds", 5)));
  }

  static long startupSeconds(HealthSpec health) {
    return Math.max(1, health.startupTimeout().toSeconds());
  }

  private static ObjectNode startup(ObjectNode handler, long seconds) {
    return Json.deepCopy(handler)
        .put("periodSeconds", 1)
        .put("timeoutSeconds", 2)
        .put("failureThreshold", seconds);
  }

  static ObjectNode get(String path, int port) {
    ObjectNode probe = Json.object();
    probe.putObject("httpGet").put("path", path).put("port", port);
    return probe;
  }

  static ObjectNode tcp(int port) {
    ObjectNode probe = Json.object();
    probe.putObject("tcpSocket").put("port", port);
    return probe;
  }

  /// A probe of the podTemplate takes the place of ours: merged, the two would be one probe with
  /// two handlers. Their readiness is then what a start waits for, too.
  static void yieldTo(ObjectNode container, JsonNode podTemplate) {
    for (JsonNode theirs : podTemplate.path("containers")) {
      if (Json.text(theirs, "name").equals(Json.text(container, "name"))) {
        yieldToContainer(container, theirs);
      }
    }
  }

  private static void yieldToContainer(ObjectNode container, JsonNode theirs) {
    long seconds = Json.at(container, STARTUP, "failureThreshold").asLong(0);
    for (String probe : List.of(READINESS, STARTUP, LIVENESS)) {
      if (theirs.has(probe)) {
        container.remove(probe);
      }
    }
    if (theirs.path(READINESS).isObject() && container.has(STARTUP)) {
      container.set(STARTUP, startup(handler(theirs.path(READINESS)), seconds));
    }
  }

  private static ObjectNode handler(JsonNode probe) {
    ObjectNode handler = Json.object();
    for (var field : probe.properties()) {
      if (HANDLERS.contains(field.getKey())) {
        handler.set(field.getKey(), field.getValue().deepCopy());
      }
    }
    return handler;
  }
}
