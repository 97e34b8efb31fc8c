package dev.berth.agent.endpoint;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/// The endpoints' figures under the names that dashboards use.
final class Metrics {
  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofSeconds(60);

  /// What was refused at the door is not the model's traffic.
  private static final String NOT_LET_IN = "access";

  private static final int SERVER_ERROR = 500;
  private final MeterRegistry registry;
  private final Traffic traffic;

  Metrics(MeterRegistry registry, Traffic traffic) {
    this.registry = registry;
    this.traffic = traffic;
  }

  void request(EndpointConfig e, String revision, int code, String reason, long nanos) {
    Counter.builder("berth.endpoint.requests")
        .tag("namespace", e.namespace())
        .tag("modelapp", e.modelApp())
        .tag("revision", revision)
        .tag("code", Integer.toString(code))
        .tag("reason", reason)
        .register(registry)
        .increment();
    timer("berth.endpoint.duration", e, revision).record(Duration.ofNanos(nanos));
    if (!reason.equals(NOT_LET_IN)) {
      traffic.count(
          new Traffic.Key(e.namespace(), e.modelApp(), revision), code >= SERVER_ERROR, nanos);
    }
  }

  void queued(EndpointConfig e, String revision, long nanos) {
    timer("berth.endpoint.queue", e, revision).record(Duration.ofNanos(nanos));
  }

  private Timer timer(String name, EndpointConfig e, String revision) {
    return Timer.builder(name)
        .tag("namespace", e.namespace())
        .tag("modelapp", e.modelApp())
        .tag("revision", revision)
        .publishPercentileHistogram()
        .minimumExpectedValue(SHORTEST)
        .maximumExpectedValue(LONGEST)
        .register(registry);
  }

  void watch(Endpoint endpoint) {
    EndpointConfig e = endpoint.config();
    Gauge.builder("berth.endpoint.inflight", endpoint, Endpoint::inFlight)
        .tag("namespace", e.namespace())
        .tag("modelapp", e.modelApp())
        .register(registry);
    Gauge.builder("berth.endpoint.queued", endpoint, Endpoint::queued)
        .tag("namespace", e.namespace())
        .tag("modelapp", e.modelApp())
        .register(registry);
  }
}
