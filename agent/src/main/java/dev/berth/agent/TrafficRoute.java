package dev.berth.agent;

import dev.berth.agent.endpoint.TrafficReport;
import dev.berth.agent.stream.Route;
import dev.berth.api.Json;
import java.util.Map;
import java.util.Optional;

/// `GET /traffic[?since=SECONDS]`: what the endpoints of this host were asked in the last five
/// minutes, or from that second of the epoch on.
record TrafficRoute(TrafficReport report) implements Route {
  @Override
  public Optional<Handler> match(Request request) {
    return request.matches("GET", 1, "traffic", "traffic")
        ? Optional.of(
            response -> {
              byte[] answer = Json.bytes(report.since(since(request)));
              response.head(200, Map.of("content-type", "application/json"));
              response.write(answer);
            })
        : Optional.empty();
  }

  private static long since(Request request) {
    String text = request.query().getOrDefault("since", "");
    return text.matches("[0-9]{1,12}") ? Long.parseLong(text) : 0;
  }
}
