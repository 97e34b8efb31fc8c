package dev.berth.agent;

import dev.berth.agent.build.Builds;
import dev.berth.agent.endpoint.Callers;
import dev.berth.agent.endpoint.EndpointTables;
import dev.berth.agent.endpoint.Gateway;
import dev.berth.agent.endpoint.Ingress;
import dev.berth.agent.network.PodNetwork;
import dev.berth.agent.network.ServiceTable;
import dev.berth.agent.network.Target;
import dev.berth.agent.pod.Pods;
import dev.berth.api.FieldSelector;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.LabelSelector;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.client.ApiClient;
import dev.berth.client.Informer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// Follows the API: pods go to their workers, the rest becomes the tables of gateway, ingress,
/// kernel and DNS.
///
/// Tables are computed anew from what the informers hold, on one thread, after every burst of
/// changes; before all of them have seen the whole once nothing is applied, so that a restart does
/// not tear down what runs.
final class Sync implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Sync.class);
  private static final Duration SETTLE = Duration.ofMillis(10);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration FIRST_LIST = Duration.ofSeconds(10);

  private final PodNetwork network;
  private final Target apiServer;
  private final Gateway gateway;
  private final Ingress ingress;
  private final Pods pods;
  private final Informer services;
  private final Informer slices;
  private final Informer modelApps;
  private final Informer ownPods;
  private final Informer imageBuilds;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Semaphore changed = new Semaphore(0);
  private final Thread thread;

  Sync(
      ApiClient api,
      String node,
      PodNetwork network,
      Target apiServer,
      Gateway gateway,
      Ingress ingress,
      Pods pods,
      Builds builds) {
    this.network = network;
    this.apiServer = apiServer;
    this.gateway = gateway;
    this.ingress = ingress;
    this.pods = pods;
    this.services = follow(api, Kinds.SERVICE);
    this.slices = follow(api, Kinds.ENDPOINT_SLICE);
    this.modelApps = follow(api, Kinds.MODEL_APP);
    this.ownPods =
        Informer.of(
            api,
            Kinds.POD,
            null,
            LabelSelector.EVERYTHING,
            FieldSelector.parse("spec.nodeName=" + node),
            new PodHandler());
    this.imageBuilds =
        Informer.of(
            api,
            Kinds.IMAGE_BUILD,
            null,
            LabelSelector.EVERYTHING,
            FieldSelector.EVERYTHING,
            new BuildHandler(builds));
    this.thread = Thread.ofVirtual().name("sync").start(this::run);
  }

  private Informer follow(ApiClient api, ResourceType type) {
    return Informer.of(
        api,
        type,
        null,
        LabelSelector.EVERYTHING,
        FieldSelector.EVERYTHING,
        new Informer.Handler() {
          @Override
          public void added(ObjectNode object) {
            changed.release();
          }

          @Override
          public void updated(ObjectNode old, ObjectNode object) {
            changed.release();
          }

          @Override
          public void deleted(ObjectNode last) {
            changed.release();
          }
        });
  }

  private final class PodHandler implements Informer.Handler {
    @Override
    public void added(ObjectNode pod) {
      pods.wish(pod);
      changed.release();
    }

    @Override
    public void updated(ObjectNode old, ObjectNode pod) {
      pods.wish(pod);
      changed.release();
    }

    @Override
    public void deleted(ObjectNode pod) {
      pods.removed(pod);
      changed.release();
    }
  }

  private record BuildHandler(Builds builds) implements Informer.Handler {
    @Override
    public void added(ObjectNode build) {
      builds.wish(build);
    }

    @Override
    public void updated(ObjectNode old, ObjectNode build) {
      builds.wish(build);
    }

    @Override
    public void deleted(ObjectNode build) {
      builds.removed(build);
    }
  }

  Optional<ObjectNode> build(ObjectKey key) {
    return imageBuilds.get(key);
  }

  /// Waits for the first whole view, then ends what the API no longer knows.
  void awaitSynced(Duration timeout) throws InterruptedException {
    for (Informer informer : List.of(ownPods, services, slices, modelApps)) {
      if (!informer.awaitSynced(timeout)) {
        throw new IllegalStateException(
            "the API server did not list what the agent follows within "
                + timeout.toSeconds()
                + " s");
      }
    }
    pods.sweep(() -> ownPods.list().stream().map(Json::uid).collect(Collectors.toSet()));
    changed.release();
  }

  Optional<ObjectNode> pod(ObjectKey key) {
    return ownPods.get(key);
  }

  KnownServices services() {
    return new KnownServices(services, FIRST_LIST);
  }

  /// The pods of this host as the API has them.
  List<ObjectNode> pods() {
    return List.copyOf(ownPods.list());
  }

  private void run() {
    try {
      while (true) {
        changed.acquire();
        if (closed.await(SETTLE.toMillis(), TimeUnit.MILLISECONDS)) {
          return;
        }
        changed.drainPermits();
        if (services.hasSynced()
            && slices.hasSynced()
            && modelApps.hasSynced()
            && ownPods.hasSynced()) {
          apply();
        }
      }
    } catch (InterruptedException e) {
      log.atDebug().log("sync ends");
    }
  }

  /// Pods with an address of their own: one that is over has given its back, and another may have
  /// it.
  private List<ObjectNode> here() {
    return ownPods.list().stream()
        .filter(p -> !Set.of("Succeeded", "Failed").contains(Json.text(p, "status", "phase")))
        .toList();
  }

  /// The services that lead to this host itself, on the bridge's address.
  private Map<String, Target> answeredHere() {
    String bridge = network.bridge().address();
    Map<String, Target> all = new HashMap<>();
    gateway.ports().forEach((key, port) -> all.put(key, new Target(bridge, port)));
    all.put("default/kubernetes", apiServer);
    return all;
  }

  private void apply() throws InterruptedException {
    try {
      List<ObjectNode> here = here();
      gateway.callers(Callers.of(here));
      gateway.apply(EndpointTables.endpoints(modelApps.list(), slices.list()));
      ingress.apply(EndpointTables.routes(modelApps.list(), slices.list()));
      Map<String, Target> answered = answeredHere();
      network.apply(
          ServiceTable.compute(
              services.list(), slices.list(), here, key -> Optional.ofNullable(answered.get(key))),
          answered.values().stream().map(Target::port).collect(Collectors.toSet()));
    } catch (RuntimeException e) {
      log.atError().setCause(e).log("cannot apply services; trying again");
      if (!closed.await(RETRY.toMillis(), TimeUnit.MILLISECONDS)) {
        changed.release();
      }
    }
  }

  @Override
  public void close() {
    closed.countDown();
    List.of(services, slices, modelApps, ownPods, imageBuilds).forEach(Informer::close);
    thread.interrupt();
  }
}
