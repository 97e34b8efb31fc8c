package dev.berth.agent;

import dev.berth.agent.stream.Route;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/// `GET /metrics`
record MetricsRoute(PrometheusMeterRegistry registry) implements Route {
  @Override
  public Optional<Handler> match(Request request) {
    if (!request.matches("GET", 1, "metrics", "metrics")) {
      return Optional.empty();
    }
    return Optional.of(
        response -> {
          response.head(200, Map.of("content-type", "text/plain; version=0.0.4; charset=utf-8"));
          response.write(registry.scrape().getBytes(StandardCharsets.UTF_8));
        });
  }
}
