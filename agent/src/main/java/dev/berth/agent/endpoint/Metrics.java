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
  private final MeterRegistry registry;

  Metrics(MeterRegistry registry) {
    this.registry = registry;
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
