package dev.berth.api.schema;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ResourceType;
import dev.berth.api.VersionOrder;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Discovery documents of the served kinds: aggregated (one per root, for newer clients) and plain.
/// Both are made of the same table, so that they agree.
public final class Discovery {
  public static final String AGGREGATED_V2 =
      "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
  public static final String AGGREGATED_V2BETA1 =
      "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList";

  private static final List<String> CREATE = List.of("create");
  private static final List<String> READ = List.of("get", "list");
  private static final List<String> VERBS =
      List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");

  private Discovery() {}

  /// `v1`, `apps/v1`, ... in a stable order.
  public static List<String> groupVersions() {
    return groupVersions(Kinds.all());
  }

  /// The same of these kinds: every function here takes the built-in ones, or a list of kinds.
  public static List<String> groupVersions(Collection<ResourceType> kinds) {
    return kinds.stream().map(type -> type.gvk().apiVersion()).distinct().sorted().toList();
  }

  /// Aggregated document of `/api`; version is `v2` or `v2beta1`.
  public static ObjectNode aggregatedCore(String version) {
    return aggregatedCore(version, Kinds.all());
  }

  public static ObjectNode aggregatedCore(String version, Collection<ResourceType> kinds) {
    return aggregated(version, List.of(""), kinds);
  }

  /// Aggregated document of `/apis`.
  public static ObjectNode aggregatedGroups(String version) {
    return aggregatedGroups(version, Kinds.all());
  }

  public static ObjectNode aggregatedGroups(String version, Collection<ResourceType> kinds) {
    return aggregated(version, groups(kinds), kinds);
  }

  private static List<String> groups(Collection<ResourceType> kinds) {
    return kinds.stream()
        .map(type -> type.gvk().group())
        .filter(group -> !group.isEmpty())
        .distinct()
        .sorted()
        .toList();
  }

  private static ObjectNode aggregated(
      String version, Collection<String> groups, Collection<ResourceType> kinds) {
    ObjectNode list = Json.object().put("kind", "APIGroupDiscoveryList");
    list.put("apiVersion", "apidiscovery.k8s.io/" + version).putObject("metadata");
    ArrayNode items = list.putArray("items");
    for (String group : groups) {
      ObjectNode item = items.addObject();
      ObjectNode metadata = item.putObject("metadata");
      if (!group.isEmpty()) {
        metadata.put("name", group);
      }
      metadata.putNull("creationTimestamp");
      ArrayNode versions = item.putArray("versions");
      byVersion(group, kinds).forEach((name, types) -> version(versions.addObject(), name, types));
    }
    return list;
  }

  private static Map<String, List<ResourceType>> byVersion(
      String group, Collection<ResourceType> kinds) {
    Map<String, List<ResourceType>> versions = new TreeMap<>(VersionOrder.NEWEST);
    for (ResourceType type : kinds) {
      if (type.gvk().group().equals(group)) {
        versions.computeIfAbsent(type.gvk().version(), _ -> new java.util.ArrayList<>()).add(type);
      }
    }
    return versions;
  }

  private static void version(ObjectNode node, String name, List<ResourceType> types) {
    node.put("version", name);
    ArrayNode resources = node.putArray("resources");
    for (ResourceType type : types) {
      resource(resources.addObject(), type);
    }
    node.put("freshness", "Current");
  }

  private static void resource(ObjectNode node, ResourceType type) {
    node.put("resource", type.plural());
    responseKind(node, new Response(type.gvk().group(), type.gvk().version(), type.kind()));
    node.put("scope", type.namespaced() ? "Namespaced" : "Cluster");
    node.put("singularResource", type.singular());
    texts(node, "verbs", verbs(type));
    textsUnlessEmpty(node, "shortNames", type.shortNames());
    textsUnlessEmpty(node, "categories", type.categories());
    if (!type.subresources().isEmpty()) {
      ArrayNode subresources = node.putArray("subresources");
      for (String name : new TreeSet<>(type.subresources())) {
        ObjectNode subresource = subresources.addObject().put("subresource", name);
        responseKind(subresource, response(type, name));
        texts(subresource, "verbs", verbs(name));
      }
    }
  }

  private record Response(String group, String version, String kind) {}

  private static void responseKind(ObjectNode node, Response response) {
    node.putObject("responseKind")
        .put("group", response.group())
        .put("version", response.version())
        .put("kind", response.kind());
  }

  private static Response response(ResourceType type, String subresource) {
    return switch (subresource) {
      case "scale" -> new Response("autoscaling", "v1", "Scale");
      case "binding" -> new Response(type.gvk().group(), type.gvk().version(), "Binding");
      case "eviction" -> new Response("policy", "v1", "Eviction");
      case "token" -> new Response("authentication.k8s.io", "v1", "TokenRequest");
      case "exec" -> new Response("", "v1", "PodExecOptions");
      case "attach" -> new Response("", "v1", "PodAttachOptions");
      case "portforward" -> new Response("", "v1", "PodPortForwardOptions");
      case "proxy" -> new Response("", "v1", type.kind() + "ProxyOptions");
      default -> new Response(type.gvk().group(), type.gvk().version(), type.kind());
    };
  }

  private static List<String> verbs(ResourceType type) {
    return Kinds.measured().contains(type) ? READ : type.stored() ? VERBS : CREATE;
  }

  private static List<String> verbs(String subresource) {
    return switch (subresource) {
      case "log" -> List.of("get");
      case "binding", "call", "eviction", "token" -> CREATE;
      case "exec", "attach", "portforward" -> List.of("create", "get");
      case "proxy" -> List.of("create", "delete", "get", "patch", "update");
      case "finalize" -> List.of("update");
      default -> List.of("get", "patch", "update");
    };
  }

  private static void texts(ObjectNode node, String field, Collection<String> texts) {
    ArrayNode list = node.putArray(field);
    texts.forEach(list::add);
  }

  private static void textsUnlessEmpty(ObjectNode node, String field, Collection<String> texts) {
    if (!texts.isEmpty()) {
      texts(node, field, texts);
    }
  }

  /// Plain `/api`: APIVersions. The address is what clients inside the cluster would use.
  public static ObjectNode apiVersions(String serverAddress) {
    ObjectNode versions = Json.object().put("kind", "APIVersions");
    texts(versions, "versions", byVersion("", Kinds.all()).keySet());
    versions
        .putArray("serverAddressByClientCIDRs")
        .addObject()
        .put("clientCIDR", "0.0.0.0/0")
        .put("serverAddress", serverAddress);
    return versions;
  }

  /// Plain `/apis`: APIGroupList.
  public static ObjectNode apiGroups() {
    return apiGroups(Kinds.all());
  }

  public static ObjectNode apiGroups(Collection<ResourceType> kinds) {
    ObjectNode list = Json.object().put("kind", "APIGroupList").put("apiVersion", "v1");
    ArrayNode groups = list.putArray("groups");
    groups(kinds).forEach(group -> groups.add(groupNode(group, Json.object(), kinds)));
    return list;
  }

  /// Plain `/apis/GROUP`: APIGroup; throws where the group is not served.
  public static ObjectNode apiGroup(String group) {
    return apiGroup(group, Kinds.all());
  }

  public static ObjectNode apiGroup(String group, Collection<ResourceType> kinds) {
    if (group.isEmpty() || byVersion(group, kinds).isEmpty()) {
      throw new IllegalArgumentException("no group " + group);
    }
    return groupNode(group, Json.object().put("kind", "APIGroup").put("apiVersion", "v1"), kinds);
  }

  private static ObjectNode groupNode(
      String group, ObjectNode node, Collection<ResourceType> kinds) {
    node.put("name", group);
    ArrayNode versions = node.putArray("versions");
    for (String version : byVersion(group, kinds).keySet()) {
      versions.addObject().put("groupVersion", group + "/" + version).put("version", version);
    }
    node.set("preferredVersion", versions.path(0).deepCopy());
    return node;
  }

  /// Plain `/api/v1` or `/apis/G/V`: APIResourceList; throws where nothing is served there.
  public static ObjectNode resources(String groupVersion) {
    return resources(groupVersion, Kinds.all());
  }

  public static ObjectNode resources(String groupVersion, Collection<ResourceType> kinds) {
    ObjectNode list = Json.object().put("kind", "APIResourceList").put("apiVersion", "v1");
    list.put("groupVersion", groupVersion);
    ArrayNode resources = list.putArray("resources");
    for (ResourceType type : kinds) {
      if (type.gvk().apiVersion().equals(groupVersion)) {
        plain(resources, type);
      }
    }
    if (resources.isEmpty()) {
      throw new IllegalArgumentException("nothing is served in " + groupVersion);
    }
    return list;
  }

  private static void plain(ArrayNode resources, ResourceType type) {
    ObjectNode node = resources.addObject().put("name", type.plural());
    node.put("singularName", type.singular()).put("namespaced", type.namespaced());
    node.put("kind", type.kind());
    texts(node, "verbs", verbs(type));
    textsUnlessEmpty(node, "shortNames", type.shortNames());
    textsUnlessEmpty(node, "categories", type.categories());
    for (String name : new TreeSet<>(type.subresources())) {
      Response response = response(type, name);
      ObjectNode sub = resources.addObject().put("name", type.plural() + "/" + name);
      sub.put("singularName", "").put("namespaced", type.namespaced());
      if (!response.group().equals(type.gvk().group())) {
        sub.put("group", response.group()).put("version", response.version());
      }
      sub.put("kind", response.kind());
      texts(sub, "verbs", verbs(name));
    }
  }
}
