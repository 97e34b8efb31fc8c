package dev.berth.dashboard.scene;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ResourceType;
import dev.berth.dashboard.port.ClusterView;
import dev.berth.dashboard.port.Rights;
import dev.berth.dashboard.port.Viewer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// A set of rights: which kinds may be listed where. Viewers with equal scopes see the same.
public record Scope(Map<ResourceType, Reach> reaches) {
  /// Everything that the dashboard reads.
  static final List<ResourceType> KINDS =
      List.of(
          Kinds.MODEL_APP,
          Kinds.POD,
          Kinds.NODE,
          Kinds.DEPLOYMENT,
          Kinds.JOB,
          Kinds.IMAGE_BUILD,
          Kinds.GIT_REPOSITORY,
          Kinds.EVENT,
          Kinds.ROLE,
          Kinds.ROLE_BINDING,
          Kinds.CLUSTER_ROLE,
          Kinds.CLUSTER_ROLE_BINDING);

  private static final String LIST = "list";

  public Scope {
    reaches = Map.copyOf(reaches);
  }

  static Scope of(Viewer viewer, Rights rights, ClusterView cluster) {
    List<String> namespaces = cluster.list(Kinds.NAMESPACE).stream().map(Json::name).toList();
    Map<ResourceType, Reach> reaches = new HashMap<>();
    KINDS.forEach(type -> reaches.put(type, reach(viewer, rights, type, namespaces)));
    return new Scope(reaches);
  }

  private static Reach reach(
      Viewer viewer, Rights rights, ResourceType type, List<String> namespaces) {
    if (rights.allows(viewer, LIST, type, "")) {
      return new Reach.Everywhere();
    }
    if (!type.namespaced()) {
      return new Reach.In(Set.of());
    }
    Set<String> allowed =
        namespaces.stream()
            .filter(namespace -> rights.allows(viewer, LIST, type, namespace))
            .collect(Collectors.toSet());
    return new Reach.In(allowed);
  }

  Reach of(ResourceType type) {
    return reaches.getOrDefault(type, new Reach.In(Set.of()));
  }
}
