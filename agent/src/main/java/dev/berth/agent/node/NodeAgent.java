package dev.berth.agent.node;

import dev.berth.api.ApiException;
import dev.berth.api.Cidr;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.Times;
import dev.berth.client.ApiClient;
import dev.berth.client.PatchType;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Keeps the Node object and its lease true.
public final class NodeAgent implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NodeAgent.class);
  private static final Duration LEASE = Duration.ofSeconds(10);
  private static final int LEASE_SECONDS = 40;
  private static final int BEATS_PER_STATUS = 6;

  private final ApiClient api;
  private final NodeStatus status;
  private final ObjectKey node;
  private final ObjectKey lease;
  private final Clock clock;
  private final CountDownLatch stop = new CountDownLatch(1);
  private Optional<Thread> thread = Optional.empty();

  public NodeAgent(
      ApiClient api,
      String name,
      String address,
      Path dataDir,
      Clock clock,
      Supplier<JsonNode> images) {
    this.api = api;
    this.clock = clock;
    this.node = ObjectKey.clusterScoped(name);
    this.lease = new ObjectKey("kube-node-lease", name);
    this.status = new NodeStatus(name, address, dataDir, clock, images);
  }

  /// Registers and waits until the controller has given this node its part of the pod range.
  public Cidr register(Duration timeout) throws InterruptedException {
    long deadline = clock.millis() + timeout.toMillis();
    String last = "no answer";
    while (clock.millis() < deadline) {
      try {
        ObjectNode current =
            api.find(Kinds.NODE, node).orElseGet(() -> api.create(Kinds.NODE, status.object()));
        String range = Json.text(current, "spec", "podCIDR");
        if (!range.isEmpty()) {
          return Cidr.parse(range);
        }
        last = "the controller has not given the node a podCIDR";
      } catch (ApiException e) {
        last = String.valueOf(e.getMessage());
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    throw new IllegalStateException("cannot register node " + node.name() + ": " + last);
  }

  private Optional<Capacity> seen = Optional.empty();

  /// From now on beats; call it when pods can run.
  public void start() {
    thread = Optional.of(Thread.ofVirtual().name("node").start(this::run));
  }

  private void run() {
    try {
      long beat = 0;
      do {
        beat(beat++ % BEATS_PER_STATUS == 0);
      } while (!stop.await(LEASE.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      log.atDebug().log("node loop ends");
    }
  }

  /// Whatever goes wrong with one beat, there is a next one: without them the node counts as lost.
  private void beat(boolean withStatus) {
    try {
      renewLease();
      Capacity now = status.capacity();
      boolean pressure = seen.filter(now::otherPressure).isPresent();
      seen = Optional.of(now);
      if (withStatus || pressure) {
        publish();
      }
    } catch (ApiException e) {
      log.atWarn().addKeyValue("error", e.getMessage()).log("the node's heartbeat did not arrive");
    } catch (RuntimeException e) {
      log.atError().setCause(e).log("the node's heartbeat failed");
    }
  }

  private void publish() {
    ObjectNode current =
        api.find(Kinds.NODE, node).orElseGet(() -> api.create(Kinds.NODE, status.object()));
    ObjectNode patch = Json.object();
    patch.set("status", status.status(current));
    api.patch(Kinds.NODE, node, PatchType.MERGE, patch, "status");
    ObjectNode labels = Json.object();
    labels.putObject("metadata").set("labels", status.labels());
    if (!Json.labels(current).entrySet().containsAll(Json.strings(status.labels()).entrySet())) {
      api.patch(Kinds.NODE, node, PatchType.MERGE, labels, null);
    }
  }

  private void renewLease() {
    ObjectNode spec = Json.object();
    spec.put("holderIdentity", node.name())
        .put("leaseDurationSeconds", LEASE_SECONDS)
        .put("renewTime", Times.formatMicro(clock.instant()));
    ObjectNode patch = Json.object();
    patch.set("spec", spec);
    try {
      api.patch(Kinds.LEASE, lease, PatchType.MERGE, patch, null);
    } catch (ApiException e) {
      if (!e.isNotFound()) {
        throw e;
      }
      ObjectNode fresh =
          Json.object().put("apiVersion", "coordination.k8s.io/v1").put("kind", "Lease");
      fresh.putObject("metadata").put("name", lease.name()).put("namespace", lease.namespace());
      fresh.set("spec", spec);
      api.create(Kinds.LEASE, fresh);
    }
  }

  @Override
  public void close() {
    stop.countDown();
    thread.ifPresent(Thread::interrupt);
  }

  static boolean ready(JsonNode node) {
    return Conditions.isTrue(node, "Ready");
  }
}
