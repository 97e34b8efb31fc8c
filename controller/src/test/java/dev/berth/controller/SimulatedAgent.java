package dev.berth.controller;

import dev.berth.api.ApiException;
import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.FieldSelector;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.LabelSelector;
import dev.berth.api.ObjectKey;
import dev.berth.api.Times;
import dev.berth.controller.resource.DeleteOptions;
import dev.berth.controller.resource.Item;
import dev.berth.controller.resource.ListQuery;
import dev.berth.controller.resource.Resources;
import dev.berth.controller.resource.Subresource;
import dev.berth.controller.resource.WriteOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.node.ObjectNode;

/// An agent without containers: pods that are placed on it become ready after a while, pods that
/// are being deleted end after a while. Its connection loses and repeats messages, and it can
/// crash; what "runs" outlives a crash, as the real keepers do.
final class SimulatedAgent {
  private static final Duration TICK = Duration.ofMillis(700);

  private final String node;
  private final Resources resources;
  private final VirtualTime time;
  private final Random random;
  private final Map<String, Integer> progress = new HashMap<>();
  private int addresses;
  private int life;
  private boolean up;
  double lossRate;

  SimulatedAgent(String node, Resources resources, VirtualTime time, Random random) {
    this.node = node;
    this.resources = resources;
    this.time = time;
    this.random = random;
  }

  void start() {
    up = true;
    int mine = ++life;
    time.run(() -> tick(mine));
    time.run(() -> renew(mine));
  }

  void crash() {
    up = false;
    life++;
  }

  boolean isUp() {
    return up;
  }

  /// A message is lost on the way there, on the way back (it has happened, but nobody knows), or
  /// twice.
  private void send(Runnable message) {
    double fate = random.nextDouble();
    if (fate < lossRate / 2) {
      return;
    }
    try {
      message.run();
      if (fate > 1 - lossRate) {
        message.run();
      }
    } catch (ApiException e) {
      // The next tick looks again.
    }
  }

  private void tick(int mine) {
    if (mine != life) {
      return;
    }
    if (random.nextDouble() >= lossRate) {
      send(this::register);
      for (Item pod : pods()) {
        work(pod.tree());
      }
    }
    time.after(TICK.plusMillis(random.nextInt(400)), () -> tick(mine));
  }

  private List<Item> pods() {
    ListQuery query =
        new ListQuery(
            null,
            LabelSelector.EVERYTHING,
            FieldSelector.equal("spec.nodeName", node),
            0,
            "",
            "",
            "");
    return resources.list(Kinds.POD, query).items();
  }

  private void work(ObjectNode pod) {
    int steps = progress.merge(Json.uid(pod), 1, Integer::sum);
    if (Json.isDeleting(pod)) {
      if (steps % 2 == 0) {
        DeleteOptions now = DeleteOptions.ofUid(Json.uid(pod)).withGrace(0);
        send(() -> resources.delete(Kinds.POD, ObjectKey.of(pod), now));
      }
    } else if (steps >= 3 && !Conditions.isTrue(pod, "Ready")) {
      send(() -> report(pod));
    }
  }

  private void report(ObjectNode pod) {
    String address = "10.0.0." + ++addresses;
    resources.patch(
        Kinds.POD,
        ObjectKey.of(pod),
        Subresource.STATUS,
        WriteOptions.DEFAULT,
        now -> {
          Json.ensure(now, "status").put("phase", "Running").put("podIP", address);
          for (String type : List.of("ContainersReady", "Ready")) {
            Conditions.set(now, new Condition(type, Condition.TRUE, "", "", time.now(), 0));
          }
          return now;
        });
  }

  private void register() {
    ObjectKey key = ObjectKey.clusterScoped(node);
    if (resources.find(Kinds.NODE, key).isEmpty()) {
      resources.create(Kinds.NODE, "", node(), WriteOptions.DEFAULT);
    }
  }

  private ObjectNode node() {
    ObjectNode object = Json.object().put("apiVersion", "v1").put("kind", "Node");
    Json.meta(object).put("name", node);
    ObjectNode status = Json.ensure(object, "status");
    for (String part : List.of("capacity", "allocatable")) {
      status.putObject(part).put("cpu", "2").put("memory", "4Gi").put("pods", "110");
    }
    Conditions.set(object, new Condition("Ready", Condition.TRUE, "AgentReady", "", time.now(), 0));
    return object;
  }

  private void renew(int mine) {
    if (mine != life) {
      return;
    }
    send(this::renewLease);
    time.after(Duration.ofSeconds(10), () -> renew(mine));
  }

  private void renewLease() {
    ObjectKey key = new ObjectKey("kube-node-lease", node);
    if (resources.find(Kinds.LEASE, key).isEmpty()) {
      ObjectNode lease =
          Json.object().put("apiVersion", "coordination.k8s.io/v1").put("kind", "Lease");
      Json.meta(lease).put("name", node);
      Json.ensure(lease, "spec").put("renewTime", Times.formatMicro(time.now()));
      resources.create(Kinds.LEASE, "kube-node-lease", lease, WriteOptions.DEFAULT);
      return;
    }
    resources.patch(
        Kinds.LEASE,
        key,
        Subresource.NONE,
        WriteOptions.DEFAULT,
        lease -> {
          Json.ensure(lease, "spec").put("renewTime", Times.formatMicro(time.now()));
          return lease;
        });
  }
}
