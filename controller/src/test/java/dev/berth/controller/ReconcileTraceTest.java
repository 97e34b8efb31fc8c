package dev.berth.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.Cidr;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.controller.reconcile.Cluster;
import dev.berth.controller.reconcile.ReconcileLoop;
import dev.berth.controller.reconcile.Result;
import dev.berth.controller.reconcile.Trace;
import dev.berth.controller.resource.Resources;
import dev.berth.controller.resource.SystemNamespaces;
import dev.berth.controller.resource.WriteOptions;
import dev.berth.controller.storage.InMemoryStore;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// What a loop says of an object that it works on.
class ReconcileTraceTest {
  private static final ObjectKey KEY = new ObjectKey("default", "m");

  private final VirtualTime time = new VirtualTime(new Random(1));
  private final Queue<Result> results = new ArrayDeque<>();
  private final ReconcileLoop loop = loop();

  private ReconcileLoop loop() {
    Resources resources =
        new Resources(
            new InMemoryStore(), time::now, () -> "u", new Random(1), Cidr.parse("10.96.0.0/16"));
    SystemNamespaces.ensure(resources);
    ObjectNode map = Json.object();
    Json.meta(map).put("name", "m");
    resources.create(Kinds.CONFIG_MAP, "default", map, WriteOptions.DEFAULT);
    Cluster cluster = new Cluster(resources, time);
    cluster.start();
    return new ReconcileLoop("test", Kinds.CONFIG_MAP, cluster, time, _ -> results.remove());
  }

  @Test
  void failuresAreCountedWithTheirLastErrorUntilATrySucceeds() {
    results.addAll(List.of(new Result.Retry("no"), new Result.Retry("still no"), Result.DONE));
    loop.add(KEY);
    assertEquals(Trace.State.QUEUED, loop.trace(KEY).state());
    time.advance(Duration.ofMillis(60));
    Trace failing = loop.trace(KEY);
    assertEquals(Trace.State.BACKOFF, failing.state());
    assertEquals(2, failing.failures());
    assertEquals("still no", failing.lastError());
    assertEquals(true, failing.nextRun().isPresent());
    time.advance(Duration.ofSeconds(1));
    Trace well = loop.trace(KEY);
    assertEquals(Trace.State.IDLE, well.state());
    assertEquals(0, well.failures());
    assertEquals("", well.lastError());
  }
}
