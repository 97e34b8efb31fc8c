package dev.berth.dashboard.images;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.dashboard.scene.Scene;
import dev.berth.dashboard.scene.Workload;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/// Which visible workloads run which image, by digest and by name.
final class Users {
  private static final String OWN_HOST = "registry.local/";

  private final Map<String, Set<Workload>> byDigest = new HashMap<>();
  private final Map<String, Set<Workload>> byName = new TreeMap<>();

  Users(Scene scene) {
    scene.list(Kinds.POD).forEach(this::add);
  }

  private void add(JsonNode pod) {
    Workload user = user(pod);
    containers(pod)
        .flatMap(container -> Json.optional(container, "image").stream())
        .forEach(image -> name(image, user));
    statuses(pod)
        .flatMap(status -> digest(Json.text(status, "imageID")).stream())
        .forEach(digest -> byDigest.computeIfAbsent(digest, _ -> new LinkedHashSet<>()).add(user));
  }

  private void name(String image, Workload user) {
    byName.computeIfAbsent(plain(image), _ -> new LinkedHashSet<>()).add(user);
    digest(image).ifPresent(d -> byDigest.computeIfAbsent(d, _ -> new LinkedHashSet<>()).add(user));
  }

  private static Stream<JsonNode> containers(JsonNode pod) {
    return Stream.concat(
        Json.at(pod, "spec", "initContainers").valueStream(),
        Json.at(pod, "spec", "containers").valueStream());
  }

  private static Stream<JsonNode> statuses(JsonNode pod) {
    return Stream.concat(
        Json.at(pod, "status", "initContainerStatuses").valueStream(),
        Json.at(pod, "status", "containerStatuses").valueStream());
  }

  /// What somebody would change to use another image.
  private static Workload user(JsonNode pod) {
    String namespace = Json.namespace(pod);
    return Scene.appOf(pod)
        .map(app -> new Workload("ModelApp", namespace, app))
        .or(() -> Workload.of(pod))
        .orElseGet(() -> new Workload("Pod", namespace, Json.name(pod)));
  }

  private static Optional<String> digest(String image) {
    int at = image.lastIndexOf("sha256:");
    return at < 0 ? Optional.empty() : Optional.of(image.substring(at));
  }

  /// Without this cluster's own host.
  private static String plain(String image) {
    return image.startsWith(OWN_HOST) ? image.substring(OWN_HOST.length()) : image;
  }

  Set<Workload> of(StoredImage image) {
    Set<Workload> users = new LinkedHashSet<>(byDigest.getOrDefault(image.digest(), Set.of()));
    users.addAll(byDigest.getOrDefault(image.manifest().digest(), Set.of()));
    users.addAll(byName.getOrDefault(image.name(), Set.of()));
    return users;
  }

  /// Images that pods name, and that none of these is.
  Map<String, Set<Workload>> others(List<StoredImage> stored) {
    Map<String, Set<Workload>> others = new TreeMap<>(byName);
    stored.forEach(image -> others.remove(image.name()));
    others.keySet().removeIf(name -> stored.stream().anyMatch(image -> isPinned(name, image)));
    return others;
  }

  private static boolean isPinned(String name, StoredImage image) {
    return name.endsWith("@" + image.digest()) || name.endsWith("@" + image.manifest().digest());
  }

  static void write(ArrayNode list, Set<Workload> users) {
    users.forEach(
        user ->
            list.addObject()
                .put("kind", user.kind())
                .put("namespace", user.namespace())
                .put("name", user.name()));
  }
}
