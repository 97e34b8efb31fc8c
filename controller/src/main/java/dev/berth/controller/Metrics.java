package dev.berth.controller;

import dev.berth.controller.resource.Resources;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The controller's own figures in Prometheus' text form. Made at the first question: nobody who
/// waits for a controller to serve again shall wait for its meters.
final class Metrics implements AutoCloseable {
  private final Resources resources;
  private final LongSupplier auditLost;
  private @Nullable Meters meters;

  private record Meters(PrometheusMeterRegistry registry, JvmGcMetrics gc) {}

  Metrics(Resources resources, LongSupplier auditLost) {
    this.resources = resources;
    this.auditLost = auditLost;
  }

  String scrape() {
    return meters().registry().scrape();
  }

  private synchronized Meters meters() {
    Meters found = meters;
    if (found == null) {
      found = make();
      meters = found;
    }
    return found;
  }

  private Meters make() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    JvmGcMetrics gc = new JvmGcMetrics();
    Gauge.builder("berth_store_revision", resources, r -> (double) r.revision())
        .description("The newest revision of the store")
        .register(registry);
    FunctionCounter.builder("berth_audit_events_lost", auditLost, l -> (double) l.getAsLong())
        .description("Audit events that found no room")
        .register(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    gc.bindTo(registry);
    return new Meters(registry, gc);
  }

  @Override
  public synchronized void close() {
    if (meters != null) {
      meters.gc().close();
      meters.registry().close();
    }
  }
}
