package dev.berth.controller.usage;

import dev.berth.api.Json;
import dev.berth.api.ObjectKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What one agent's gateways counted in the last minutes, in steps that begin at the same moments
/// on every node.
///
/// @param step seconds
/// @param boundsMs upper bounds of the latency counts in milliseconds, growing; what took longer is
///   counted behind the last
public record TrafficReport(
    Instant now, int step, List<Double> boundsMs, List<Endpoint> endpoints) {
  private static final int MOST_BOUNDS = 512;

  /// Four times what an agent tells: one that lies fills no memory.
  private static final int MOST_ENDPOINTS = 1_024;

  private static final int MOST_POINTS = 256;

  /// One revision of a ModelApp behind its endpoint.
  ///
  /// @param queue requests that wait now, at the endpoint as a whole
  public record Endpoint(ObjectKey modelApp, int queue, List<Counts> counts) {}

  /// What was counted in one step.
  ///
  /// @param time when the step began, in seconds since 1970
  /// @param latencies pairs of a bucket's index and its count
  public record Counts(long time, long requests, long errors, List<long[]> latencies) {}

  /// Empty where the answer is none of an agent: whatever it holds can harm nobody else.
  public static Optional<TrafficReport> of(JsonNode answer) {
    int step = answer.path("step").asInt(0);
    List<Double> bounds = new ArrayList<>();
    answer.path("boundsMs").forEach(bound -> bounds.add(bound.asDouble(0)));
    if (step <= 0
        || bounds.isEmpty()
        || bounds.size() > MOST_BOUNDS
        || isTooMany(answer.path("endpoints"))) {
      return Optional.empty();
    }
    List<Endpoint> endpoints = new ArrayList<>();
    for (JsonNode each : answer.path("endpoints")) {
      List<Counts> counts = new ArrayList<>();
      each.path("points").forEach(point -> counts.add(counts(point, bounds.size())));
      ObjectKey modelApp = new ObjectKey(Json.text(each, "namespace"), Json.text(each, "modelapp"));
      endpoints.add(new Endpoint(modelApp, each.path("queue").asInt(0), counts));
    }
    Instant now = Instant.ofEpochMilli(answer.path("now").asLong(0));
    return Optional.of(new TrafficReport(now, step, bounds, endpoints));
  }

  private static boolean isTooMany(JsonNode endpoints) {
    return endpoints.size() > MOST_ENDPOINTS
        || endpoints.valueStream().anyMatch(each -> each.path("points").size() > MOST_POINTS);
  }

  private static Counts counts(JsonNode point, int last) {
    List<long[]> latencies = new ArrayList<>();
    for (JsonNode pair : point.path(3)) {
      long bucket = Math.clamp(pair.path(0).asLong(0), 0, last);
      latencies.add(new long[] {bucket, Math.max(0, pair.path(1).asLong(0))});
    }
    return new Counts(
        point.path(0).asLong(0),
        Math.max(0, point.path(1).asLong(0)),
        Math.max(0, point.path(2).asLong(0)),
        latencies);
  }
}
