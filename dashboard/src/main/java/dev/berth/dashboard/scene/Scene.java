package dev.berth.dashboard.scene;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The visible objects at one revision. Trees are shared and never changed; any thread may read.
public final class Scene {
  private static final String APP = "berth.dev/modelapp";

  private final Scope scope;
  private final Map<ResourceType, List<ObjectNode>> objects;
  private final Map<ObjectKey, List<JsonNode>> podsByApp;
  private final Map<ObjectKey, List<JsonNode>> buildsByApp;
  private final Map<String, List<JsonNode>> podsByNode;
  private final Map<Workload, List<JsonNode>> podsByWorkload;
  private final Map<ObjectKey, ObjectNode> repositories;
  private final List<JsonNode> nodes;
  private final Map<String, Object> memory = new ConcurrentHashMap<>();
  private final Map<String, Object> earlier;

  /// Filters what there is.
  ///
  /// @param all the objects of a kind
  /// @param previous the scene before this one, of the same scope
  public Scene(
      Scope scope, Function<ResourceType, List<ObjectNode>> all, Optional<Scene> previous) {
    this.scope = scope;
    this.earlier = previous.map(scene -> Map.copyOf(scene.memory)).orElse(Map.of());
    this.objects = new HashMap<>();
    Scope.KINDS.forEach(type -> objects.put(type, visible(scope.of(type), type, all)));
    this.podsByApp = byApp(list(Kinds.POD));
    this.buildsByApp = byApp(list(Kinds.IMAGE_BUILD));
    this.podsByNode = by(list(Kinds.POD), pod -> Json.optional(pod, "spec", "nodeName"));
    this.podsByWorkload = by(list(Kinds.POD), Workload::of);
    this.repositories =
        list(Kinds.GIT_REPOSITORY).stream()
            .collect(Collectors.toMap(ObjectKey::of, Function.identity(), (a, _) -> a));
    this.nodes = List.copyOf(list(Kinds.NODE));
  }

  private static List<ObjectNode> visible(
      Reach reach, ResourceType type, Function<ResourceType, List<ObjectNode>> all) {
    return switch (reach) {
      case Reach.Everywhere _ -> all.apply(type);
      case Reach.In(var namespaces) ->
          namespaces.isEmpty()
              ? List.of()
              : all.apply(type).stream()
                  .filter(object -> namespaces.contains(Json.namespace(object)))
                  .toList();
    };
  }

  private static Map<ObjectKey, List<JsonNode>> byApp(List<ObjectNode> objects) {
    return by(objects, o -> appOf(o).map(app -> new ObjectKey(Json.namespace(o), app)));
  }

  private static <K> Map<K, List<JsonNode>> by(
      List<ObjectNode> objects, Function<ObjectNode, Optional<K>> key) {
    Map<K, List<JsonNode>> groups = new HashMap<>();
    for (ObjectNode object : objects) {
      key.apply(object)
          .ifPresent(k -> groups.computeIfAbsent(k, _ -> new ArrayList<>()).add(object));
    }
    groups.replaceAll((_, list) -> List.copyOf(list));
    return groups;
  }

  /// The ModelApp that an object was made for.
  public static Optional<String> appOf(JsonNode object) {
    return Json.optional(object, "metadata", "labels", APP);
  }

  public List<ObjectNode> list(ResourceType type) {
    return objects.getOrDefault(type, List.of());
  }

  public Reach reach(ResourceType type) {
    return scope.of(type);
  }

  public List<JsonNode> nodes() {
    return nodes;
  }

  public List<JsonNode> podsOfApp(ObjectKey app) {
    return podsByApp.getOrDefault(app, List.of());
  }

  public List<JsonNode> buildsOfApp(ObjectKey app) {
    return buildsByApp.getOrDefault(app, List.of());
  }

  public List<JsonNode> podsOn(String node) {
    return podsByNode.getOrDefault(node, List.of());
  }

  public List<JsonNode> podsOf(Workload workload) {
    return podsByWorkload.getOrDefault(workload, List.of());
  }

  public Optional<ObjectNode> repository(ObjectKey key) {
    return Optional.ofNullable(repositories.get(key));
  }

  /// What an earlier scene with the same rights remembered under that name. A tree never changes,
  /// so what was made of one object alone is still right.
  @SuppressWarnings("unchecked") // one type for each name, by convention of the callers
  public <T> Optional<T> earlier(String name) {
    return Optional.ofNullable((T) earlier.get(name));
  }

  /// What was once made of this scene and is asked for again; `make` may run twice when two ask at
  /// the same moment.
  @SuppressWarnings("unchecked") // one type for each name, by convention of the callers
  public <T> T remember(String name, Supplier<T> make) {
    Object known = memory.get(name);
    if (known == null) {
      known = make.get();
      memory.put(name, known);
    }
    return (T) known;
  }
}
