package dev.berth.controller.apiserver;

import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A path below `/api/v1` or `/apis/GROUP/VERSION`: a kind, perhaps a namespace, a name and a
/// subresource. Empty strings stand for what is not there.
record ApiPath(ResourceType type, String namespace, String name, String subresource) {
  private static final Set<ResourceType> INSPECTED = Set.of(Kinds.MODEL_APP, Kinds.POD);

  /// The inside view is no part of what discovery offers to clients.
  private static boolean has(ResourceType type, String subresource) {
    return type.subresources().contains(subresource)
        || (subresource.equals(Debug.SUBRESOURCE) && INSPECTED.contains(type));
  }

  boolean isCollection() {
    return name.isEmpty();
  }

  ObjectKey key() {
    return new ObjectKey(namespace, name);
  }

  static Optional<ApiPath> parse(String path) {
    List<String> segments =
        Arrays.stream(path.substring(1).split("/", -1))
            .map(s -> URLDecoder.decode(s.replace("+", "%2B"), StandardCharsets.UTF_8))
            .toList();
    if (segments.size() >= 3 && segments.getFirst().equals("api")) {
      return parse("", segments.get(1), segments.subList(2, segments.size()));
    }
    if (segments.size() >= 4 && segments.getFirst().equals("apis")) {
      return parse(segments.get(1), segments.get(2), segments.subList(3, segments.size()));
    }
    return Optional.empty();
  }

  private static Optional<ApiPath> parse(String group, String version, List<String> rest) {
    boolean inNamespace =
        rest.size() >= 3
            && rest.getFirst().equals("namespaces")
            && Kinds.byPlural(group, version, rest.get(2))
                .map(ResourceType::namespaced)
                .orElse(false);
    return inNamespace
        ? parse(group, version, rest.get(1), rest.subList(2, rest.size()))
        : parse(group, version, "", rest);
  }

  private static Optional<ApiPath> parse(
      String group, String version, String namespace, List<String> rest) {
    String name = rest.size() > 1 ? rest.get(1) : "";
    String subresource = rest.size() > 2 ? rest.get(2) : "";
    boolean wellFormed =
        rest.size() <= 3 && rest.stream().skip(1).noneMatch(s -> s.isEmpty() || s.contains("/"));
    return Kinds.byPlural(group, version, rest.getFirst())
        .filter(type -> wellFormed)
        .filter(type -> name.isEmpty() || type.namespaced() != namespace.isEmpty())
        .filter(type -> subresource.isEmpty() || has(type, subresource))
        .map(type -> new ApiPath(type, namespace, name, subresource));
  }
}
