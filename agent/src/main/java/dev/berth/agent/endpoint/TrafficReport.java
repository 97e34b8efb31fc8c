package dev.berth.agent.endpoint;

import dev.berth.agent.endpoint.Traffic.Point;
import dev.berth.agent.endpoint.Traffic.Row;
import dev.berth.api.Json;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What this host's endpoints were asked in the last five minutes, as the controller reads it.
///
/// ```json
/// {"now": 1767225600123, "step": 5, "boundsMs": [0.25, 0.297],
///  "endpoints": [{"namespace": "shop", "modelapp": "digits", "revision": "r1",
///                 "queue": 0, "inflight": 1,
///                 "points": [[1767225595, 12, 1, [[20, 11], [31, 1]]]]}]}
/// ```
///
/// A point: when its five seconds began, calls, errors (5xx), and pairs of an index into `boundsMs`
/// (one after the last: longer) and calls. Steps without calls are not there; the newest may go on.
/// `queue` and `inflight` are of the endpoint, now, the same in each of its rows.
public final class TrafficReport {
  private static final double PER_MILLI = 1000;

  private final Gateway gateway;
  private final InstantSource clock;

  public TrafficReport(Gateway gateway, InstantSource clock) {
    this.gateway = gateway;
    this.clock = clock;
  }

  /// Steps that began at `since` (seconds of the epoch) or later; 0 for all that are kept.
  public ObjectNode since(long since) {
    ObjectNode report = Json.object().put("now", clock.millis()).put("step", Traffic.STEP_SECONDS);
    ArrayNode bounds = report.putArray("boundsMs");
    for (double bound : Traffic.boundsMillis()) {
      bounds.add(Math.round(bound * PER_MILLI) / PER_MILLI);
    }
    ArrayNode endpoints = report.putArray("endpoints");
    rows(since).forEach(row -> endpoints.add(row(row)));
    return report;
  }

  /// With those that were not answered yet, but are asked.
  private List<Row> rows(long since) {
    List<Row> rows = new ArrayList<>(gateway.traffic().rows(since));
    for (Endpoint endpoint : gateway.endpoints()) {
      EndpointConfig config = endpoint.config();
      boolean told =
          rows.stream()
              .map(Row::key)
              .anyMatch(
                  key ->
                      key.namespace().equals(config.namespace())
                          && key.modelApp().equals(config.modelApp()));
      if (!told && endpoint.inFlight() + endpoint.queued() > 0) {
        rows.add(new Row(new Traffic.Key(config.namespace(), config.modelApp(), ""), List.of()));
      }
    }
    rows.sort(Comparator.comparing(row -> row.key().toString()));
    return rows;
  }

  private ObjectNode row(Row row) {
    Traffic.Key key = row.key();
    ObjectNode out =
        Json.object()
            .put("namespace", key.namespace())
            .put("modelapp", key.modelApp())
            .put("revision", key.revision());
    gateway
        .endpoint(key.namespace(), key.modelApp())
        .ifPresent(
            endpoint -> out.put("queue", endpoint.queued()).put("inflight", endpoint.inFlight()));
    ArrayNode points = out.putArray("points");
    row.points().forEach(point -> point(points.addArray(), point));
    return out;
  }

  private static void point(ArrayNode out, Point point) {
    out.add(point.at()).add(point.requests()).add(point.errors());
    ArrayNode counts = out.addArray();
    for (int i = 0; i < point.counts().length; i++) {
      if (point.counts()[i] > 0) {
        counts.addArray().add(i).add(point.counts()[i]);
      }
    }
  }
}
