package dev.berth.controller;

import dev.berth.api.ApiException;
import dev.berth.api.Cidr;
import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.Requests;
import dev.berth.controller.kubernetesservice.ApiAddresses;
import dev.berth.controller.resource.DeleteOptions;
import dev.berth.controller.resource.Item;
import dev.berth.controller.resource.ListQuery;
import dev.berth.controller.resource.Resources;
import dev.berth.controller.resource.Subresource;
import dev.berth.controller.resource.SystemNamespaces;
import dev.berth.controller.resource.WriteOptions;
import dev.berth.controller.scheduler.Snapshot;
import dev.berth.controller.storage.Change;
import dev.berth.controller.storage.Feed;
import dev.berth.controller.storage.InMemoryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// The controller as shipped, three simulated agents and a user, in virtual time, from one seed.
final class Simulation {
  static final ControlPlane.Network NETWORK =
      new ControlPlane.Network(
          Cidr.parse("10.244.0.0/16"),
          () -> new ApiAddresses("10.96.0.1", Optional.of("192.0.2.7"), 6443));
  static final ControlPlane.Trust TRUST =
      new ControlPlane.Trust("the CA's certificate", (_, _) -> "a token");
  private static final Cidr SERVICES = Cidr.parse("10.96.0.0/16");

  private final Random random;
  private final VirtualTime time;
  private final InMemoryStore store = new InMemoryStore(1 << 17);
  private final Feed everything;
  private final Resources resources;
  private final List<SimulatedAgent> agents = new ArrayList<>();
  private final Map<String, String> acknowledged = new TreeMap<>();
  private final List<String> violations = new ArrayList<>();
  private ControlPlane plane;
  private int replicas = 2;
  private int image = 1;

  Simulation(long seed) {
    this.random = new Random(seed);
    this.time = new VirtualTime(random);
    this.everything = store.watch("", 0, () -> {});
    this.resources =
        new Resources(
            store,
            time::now,
            () -> new UUID(random.nextLong(), random.nextLong()).toString(),
            random,
            SERVICES);
    SystemNamespaces.ensure(resources);
    this.plane = new ControlPlane(resources, time, NETWORK, TRUST);
    plane.start();
    for (String node : List.of("alpha", "beta", "gamma")) {
      agents.add(new SimulatedAgent(node, resources, time, random));
    }
  }

  /// Two minutes of bad luck, then quiet; returns what is wrong in the end.
  List<String> run() {
    agents.forEach(
        agent -> {
          agent.lossRate = 0.2;
          agent.start();
        });
    create("apps/v1", "Deployment", "web", deploymentSpec());
    create("berth.dev/v1alpha1", "ModelApp", "digits", modelAppSpec());
    for (int i = 0; i < 40; i++) {
      time.advance(Duration.ofMillis(500 + random.nextInt(5_000)));
      act();
      requireNodesNotOverfull();
    }
    agents.forEach(
        agent -> {
          agent.lossRate = 0;
          if (!agent.isUp()) {
            agent.start();
          }
        });
    boolean settled = time.eventually(Duration.ofMinutes(10), () -> unsettled().isEmpty());
    if (!settled) {
      violations.add("does not converge: " + unsettled());
    }
    requireAcknowledged();
    plane.stop();
    return violations;
  }

  private void act() {
    switch (random.nextInt(7)) {
      case 0 -> scale(1 + random.nextInt(6));
      case 1 -> updateImage();
      case 2 -> crashOrRestart();
      case 3 -> restartController();
      case 4 -> deleteAPod();
      default -> writeConfigMap();
    }
  }

  private void scale(int to) {
    replicas = to;
    patchWeb(web -> Json.ensure(web, "spec").put("replicas", to));
  }

  private void updateImage() {
    image++;
    patchWeb(
        web ->
            ((ObjectNode) Json.at(web, "spec", "template", "spec", "containers").path(0))
                .put("image", "web:" + image));
  }

  private void patchWeb(java.util.function.Consumer<ObjectNode> change) {
    resources.patch(
        Kinds.DEPLOYMENT,
        new ObjectKey("default", "web"),
        Subresource.NONE,
        WriteOptions.DEFAULT,
        web -> {
          change.accept(web);
          return web;
        });
  }

  private void crashOrRestart() {
    SimulatedAgent agent = agents.get(random.nextInt(agents.size()));
    if (agent.isUp()) {
      agent.crash();
    } else {
      agent.start();
    }
  }

  private void restartController() {
    plane.stop();
    plane = new ControlPlane(resources, time, NETWORK, TRUST);
    plane.start();
  }

  private void deleteAPod() {
    List<Item> pods = resources.list(Kinds.POD, ListQuery.all("default")).items();
    if (!pods.isEmpty()) {
      resources.delete(
          Kinds.POD, pods.get(random.nextInt(pods.size())).key(), DeleteOptions.DEFAULT);
    }
  }

  private void writeConfigMap() {
    String name = "note-" + random.nextInt(4);
    String value = Long.toString(random.nextLong());
    ObjectNode map = Json.object().put("apiVersion", "v1").put("kind", "ConfigMap");
    Json.meta(map).put("name", name);
    map.putObject("data").put("value", value);
    ObjectKey key = new ObjectKey("default", name);
    try {
      if (resources.find(Kinds.CONFIG_MAP, key).isPresent()) {
        resources.update(Kinds.CONFIG_MAP, key, map, Subresource.NONE, WriteOptions.DEFAULT);
      } else {
        resources.create(Kinds.CONFIG_MAP, "default", map, WriteOptions.DEFAULT);
      }
      acknowledged.put(name, value);
    } catch (ApiException e) {
      violations.add("a plain write was refused: " + e.getMessage());
    }
  }

  private void requireAcknowledged() {
    acknowledged.forEach(
        (name, value) -> {
          String found =
              resources
                  .find(Kinds.CONFIG_MAP, new ObjectKey("default", name))
                  .map(item -> Json.text(item.tree(), "data", "value"))
                  .orElse("nothing");
          if (!found.equals(value)) {
            violations.add("lost: " + name + " was acknowledged as " + value + ", found " + found);
          }
        });
  }

  private List<ObjectNode> all(dev.berth.api.ResourceType type) {
    return resources.list(type, ListQuery.all(null)).items().stream().map(Item::tree).toList();
  }

  private void requireNodesNotOverfull() {
    for (Snapshot.Place place : Snapshot.of(all(Kinds.NODE), all(Kinds.POD)).places()) {
      Requests free = place.has().minus(place.used());
      if (free.cpuMilli() < 0 || free.memoryBytes() < 0) {
        violations.add("node " + place.name() + " is overfull: " + place.used());
      }
    }
  }

  /// What is not yet as the user asked.
  private List<String> unsettled() {
    List<String> open = new ArrayList<>();
    ObjectNode web = resources.get(Kinds.DEPLOYMENT, new ObjectKey("default", "web")).tree();
    int available = Json.at(web, "status", "availableReplicas").asInt(0);
    int updated = Json.at(web, "status", "updatedReplicas").asInt(0);
    if (available != replicas || updated != replicas) {
      open.add("web wants " + replicas + " replicas: " + web.path("status"));
    }
    ObjectNode digits = resources.get(Kinds.MODEL_APP, new ObjectKey("default", "digits")).tree();
    if (!Conditions.isTrue(digits, "Ready")) {
      open.add("digits is not ready: " + Conditions.find(digits, "Ready"));
    }
    int wanted = replicas + 2;
    List<ObjectNode> pods = all(Kinds.POD);
    if (pods.size() != wanted) {
      open.add(
          pods.size() + " pods, wanted " + wanted + ": " + pods.stream().map(Json::name).toList());
    }
    for (ObjectNode node : all(Kinds.NODE)) {
      if (!Conditions.isTrue(node, "Ready") || Json.text(node, "spec", "podCIDR").isEmpty()) {
        open.add(
            "node "
                + Json.name(node)
                + " is not whole: "
                + Conditions.find(node, "Ready").map(Condition::reason));
      }
    }
    return open;
  }

  private void create(String apiVersion, String kind, String name, ObjectNode spec) {
    ObjectNode object = Json.object().put("apiVersion", apiVersion).put("kind", kind);
    Json.meta(object).put("name", name);
    object.set("spec", spec);
    resources.create(
        Kinds.byKind(dev.berth.api.GroupVersionKind.of(object)).orElseThrow(),
        "default",
        object,
        WriteOptions.DEFAULT);
  }

  private static ObjectNode deploymentSpec() {
    return Json.parseObject(
        """
        {"replicas":2,"selector":{"matchLabels":{"app":"web"}},
         "template":{"metadata":{"labels":{"app":"web"}},
                     "spec":{"containers":[{"name":"c","image":"web:1"}]}}}\
        """);
  }

  private static ObjectNode modelAppSpec() {
    return Json.parseObject(
        """
        {"model":{"image":"digits-model:1"},"endpoint":{"protocol":"http"},
         "app":{"image":"digits-app:1"}}\
        """);
  }

  /// The whole history as one number: equal runs have equal histories.
  int fingerprint() {
    int hash = 1;
    for (Change change : everything.poll(Integer.MAX_VALUE)) {
      hash = 31 * hash + (change.kind() + change.key() + change.revision()).hashCode();
    }
    return hash;
  }
}
