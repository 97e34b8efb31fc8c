package dev.berth.controller.auth;

import dev.berth.api.FieldSelector;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.controller.resource.Item;
import dev.berth.controller.resource.ListQuery;
import dev.berth.controller.resource.Resources;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// What an agent may do: keep its own Node and lease, run the pods and builds that were placed on
/// it, and read what those need. A stolen agent certificate opens no other node's secrets.
final class NodeRules {
  private static final Set<String> READ = Set.of("get", "list", "watch");
  private static final Set<String> CHANGE = Set.of("update", "patch");
  private static final Set<String> FETCH = Set.of("get", "head");
  private static final Set<String> PUSH = Set.of("post", "put", "patch");
  private static final Pattern PUSHED = Pattern.compile("(blobs/uploads|manifests)/[^/]*");
  private static final Set<ResourceType> READABLE =
      Set.of(
          Kinds.NAMESPACE,
          Kinds.NODE,
          Kinds.SERVICE,
          Kinds.ENDPOINT_SLICE,
          Kinds.MODEL_APP,
          Kinds.IMAGE_BUILD);

  private final Resources resources;

  NodeRules(Resources resources) {
    this.resources = resources;
  }

  boolean allow(String node, Attributes wanted) {
    return switch (wanted) {
      case Attributes.Tunnel(String mine) -> mine.equals(node);
      case Attributes.OnPath(String verb, String path) -> onRegistry(node, verb, path);
      case Attributes.OnResource on -> allow(node, on);
    };
  }

  /// Any image may be read; pushed is only where a build of this node shall push to.
  private boolean onRegistry(String node, String verb, String path) {
    if (!path.equals("/v2") && !path.startsWith("/v2/")) {
      return false;
    }
    return FETCH.contains(verb) || (PUSH.contains(verb) && isTargetOfABuildOf(node, path));
  }

  private boolean isTargetOfABuildOf(String node, String path) {
    return resources.list(Kinds.IMAGE_BUILD, ListQuery.all(null)).items().stream()
        .map(Item::tree)
        .filter(build -> Json.text(build, "spec", "nodeName").equals(node))
        .anyMatch(build -> isIn(Json.text(build, "spec", "repository"), path));
  }

  /// Nothing that could belong to a repository with a longer name.
  private static boolean isIn(String repository, String path) {
    String prefix = "/v2/" + repository + "/";
    return !repository.isEmpty()
        && path.startsWith(prefix)
        && PUSHED.matcher(path.substring(prefix.length())).matches();
  }

  private boolean allow(String node, Attributes.OnResource on) {
    if (on.subresource().isEmpty()
        && READ.contains(on.verb())
        && READABLE.stream().anyMatch(on::isOn)) {
      return true;
    }
    if (on.isOn(Kinds.NODE)) {
      return ownNode(node, on);
    }
    if (on.isOn(Kinds.LEASE)) {
      return on.namespace().equals("kube-node-lease") && isOwn(node, on);
    }
    if (on.isOn(Kinds.POD)) {
      return ownPod(node, on);
    }
    if (on.isOn(Kinds.IMAGE_BUILD)) {
      return on.subresource().equals("status")
          && CHANGE.contains(on.verb())
          && isPlacedOn(node, Kinds.IMAGE_BUILD, on);
    }
    if (on.isOn(Kinds.SERVICE_ACCOUNT)) {
      // Which of its pods the token is for is in the body, and is checked there.
      return on.verb().equals("create") && on.subresource().equals("token");
    }
    if (on.isOn(Kinds.EVENT)) {
      return on.subresource().isEmpty()
          && (on.verb().equals("create") || CHANGE.contains(on.verb()));
    }
    return (on.isOn(Kinds.SECRET) || on.isOn(Kinds.CONFIG_MAP))
        && on.subresource().isEmpty()
        && READ.contains(on.verb())
        && isNeededByAPodOf(node, on);
  }

  private static boolean ownNode(String node, Attributes.OnResource on) {
    boolean status = on.subresource().equals("status") && on.name().equals(node);
    return status
        ? READ.contains(on.verb()) || CHANGE.contains(on.verb())
        : on.subresource().isEmpty() && isOwn(node, on);
  }

  /// A create is asked about twice: before its body is read, without a name, and then with it.
  private static boolean isOwn(String node, Attributes.OnResource on) {
    boolean named =
        CHANGE.contains(on.verb()) || on.verb().equals("get") || on.verb().equals("create");
    boolean bodyComes = on.verb().equals("create") && on.name().isEmpty();
    return bodyComes || (named && on.name().equals(node));
  }

  private boolean ownPod(String node, Attributes.OnResource on) {
    boolean whole = on.subresource().isEmpty();
    boolean status = on.subresource().equals("status");
    return switch (on.verb()) {
      case "list", "watch" -> whole && onlyOf(node, on.fields());
      case "get" -> (whole || status) && isPlacedOn(node, Kinds.POD, on);
      case "delete" -> whole && isPlacedOn(node, Kinds.POD, on);
      case "update", "patch" -> status && isPlacedOn(node, Kinds.POD, on);
      default -> false;
    };
  }

  private static boolean onlyOf(String node, FieldSelector fields) {
    return fields.terms().contains(new FieldSelector.Term("spec.nodeName", node, false));
  }

  /// What is not there counts as placed here: each verb that asks says then that it is not there.
  private boolean isPlacedOn(String node, ResourceType type, Attributes.OnResource on) {
    return resources
        .find(type, new ObjectKey(on.namespace(), on.name()))
        .map(item -> Json.text(item.tree(), "spec", "nodeName").equals(node))
        .orElse(true);
  }

  /// One object: by its name, or as the one that a list or watch selects by its name.
  private static String onlyName(Attributes.OnResource on) {
    return on.verb().equals("get")
        ? on.name()
        : on.fields().terms().stream()
            .filter(term -> term.path().equals("metadata.name") && !term.negated())
            .map(FieldSelector.Term::value)
            .findFirst()
            .orElse("");
  }

  private boolean isNeededByAPodOf(String node, Attributes.OnResource on) {
    String name = onlyName(on);
    if (name.isEmpty() || on.namespace().isEmpty()) {
      return false;
    }
    String reference = on.isOn(Kinds.SECRET) ? "secret" : "configMap";
    return resources.list(Kinds.POD, ListQuery.all(on.namespace())).items().stream()
        .map(Item::tree)
        .filter(pod -> Json.text(pod, "spec", "nodeName").equals(node))
        .anyMatch(pod -> names(pod.path("spec"), reference, name));
  }

  /// Every reference to a secret or config map in a pod sits in a field whose name starts with the
  /// kind: secretKeyRef, secretRef, secret.secretName, configMapKeyRef, configMap.name.
  private static boolean names(JsonNode node, String reference, String name) {
    for (var field : node.properties()) {
      if (field.getKey().startsWith(reference) && isNamed(field.getValue(), name)) {
        return true;
      }
      if (names(field.getValue(), reference, name)) {
        return true;
      }
      boolean pullSecrets = field.getKey().equals("imagePullSecrets") && reference.equals("secret");
      if (pullSecrets && anyNamed(field.getValue(), name)) {
        return true;
      }
    }
    if (node.isArray()) {
      for (JsonNode element : node) {
        if (names(element, reference, name)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isNamed(JsonNode value, String name) {
    return Json.text(value, "name").equals(name) || Json.text(value, "secretName").equals(name);
  }

  private static boolean anyNamed(JsonNode list, String name) {
    for (JsonNode element : list) {
      if (isNamed(element, name)) {
        return true;
      }
    }
    return false;
  }
}
