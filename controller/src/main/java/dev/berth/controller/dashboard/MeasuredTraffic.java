package dev.berth.controller.dashboard;

import dev.berth.api.ObjectKey;
import dev.berth.controller.usage.EndpointTraffic;
import dev.berth.dashboard.port.Traffic;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/// What the agents' gateways counted, in the dashboard's words.
public final class MeasuredTraffic implements Traffic {
  private final Supplier<Map<ObjectKey, EndpointTraffic>> source;

  public MeasuredTraffic(Supplier<Map<ObjectKey, EndpointTraffic>> source) {
    this.source = source;
  }

  @Override
  public Map<ObjectKey, Figures> figures() {
    Map<ObjectKey, Figures> figures = new HashMap<>();
    source.get().forEach((modelApp, traffic) -> figures.put(modelApp, figures(traffic)));
    return figures;
  }

  private static Figures figures(EndpointTraffic traffic) {
    EndpointTraffic.Step last = traffic.last();
    return new Figures(
        last.requestsPerSecond(),
        last.errorsPerSecond(),
        traffic.p50(),
        traffic.p99(),
        traffic.queue(),
        traffic.steps().stream()
            .map(
                step ->
                    new Point(
                        step.time(),
                        step.requestsPerSecond(),
                        step.errorsPerSecond(),
                        step.p50(),
                        step.p99()))
            .toList());
  }
}
