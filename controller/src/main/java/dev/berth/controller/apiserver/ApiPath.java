package dev.berth.controller.apiserver;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.controller.resource.ServedKinds;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A path below `/api/v1` or `/apis/GROUP/VERSION`: a kind, perhaps a namespace, a name and a
/// subresource. Empty strings stand for what is not there.
record ApiPath(ResourceType type, String namespace, String name, String subresource) {
  private static final Set<ResourceType> INSPECTED =
      Set.of(Kinds.MODEL_APP, Kinds.POD, Kinds.GIT_REPOSITORY);

  /// The inside view is no part of what discovery offers to clients.
  private static boolean has(ResourceType type, String subresource) {
    return type.subresources().contains(subresource)
        || (subresource.equals("portforward") && type.equals(Kinds.POD))
        || (subresource.equals(Debug.SUBRESOURCE) && INSPECTED.contains(type));
  }

  boolean isCollection() {
    return name.isEmpty();
  }

  ObjectKey key() {
    return new ObjectKey(namespace, name);
  }

  /// Empty when the path is none of an object.
  ///
  /// @throws ApiException when its percent signs are none of an encoding
  static Optional<ApiPath> parse(String path, ServedKinds kinds) {
    List<String> segments = segments(path);
    if (segments.size() >= 3 && segments.getFirst().equals("api")) {
      return parse(kinds, "", segments.get(1), segments.subList(2, segments.size()));
    }
    if (segments.size() >= 4 && segments.getFirst().equals("apis")) {
      return parse(kinds, segments.get(1), segments.get(2), segments.subList(3, segments.size()));
    }
    return Optional.empty();
  }

  /// Each request's path is taken apart here, twice where it is audited: without a stream.
  private static List<String> segments(String path) {
    List<String> segments = new ArrayList<>();
    int from = 1;
    for (int slash = path.indexOf('/', from); slash >= 0; slash = path.indexOf('/', from)) {
      segments.add(decoded(path.substring(from, slash), path));
      from = slash + 1;
    }
    segments.add(decoded(path.substring(from), path));
    return segments;
  }

  private static String decoded(String segment, String path) {
    if (segment.indexOf('%') < 0) {
      return segment;
    }
    try {
      return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new ApiException(
          new ApiError.BadRequest("the path " + path + " is not well encoded: " + e.getMessage()));
    }
  }

  private static Optional<ApiPath> parse(
      ServedKinds kinds, String group, String version, List<String> rest) {
    boolean inNamespace =
        rest.size() >= 3
            && rest.getFirst().equals("namespaces")
            && kinds
                .byPlural(group, version, rest.get(2))
                .map(ResourceType::namespaced)
                .orElse(false);
    return inNamespace
        ? parse(kinds, group, version, rest.get(1), rest.subList(2, rest.size()))
        : parse(kinds, group, version, "", rest);
  }

  private static Optional<ApiPath> parse(
      ServedKinds kinds, String group, String version, String namespace, List<String> rest) {
    String name = rest.size() > 1 ? rest.get(1) : "";
    String subresource = rest.size() > 2 ? rest.get(2) : "";
    boolean wellFormed =
        rest.size() <= 3
            && (rest.size() < 2 || isName(name))
            && (rest.size() < 3 || isName(subresource));
    return kinds
        .byPlural(group, version, rest.getFirst())
        .filter(type -> wellFormed)
        .filter(type -> name.isEmpty() || type.namespaced() != namespace.isEmpty())
        .filter(type -> subresource.isEmpty() || has(type, subresource))
        .map(type -> new ApiPath(type, namespace, name, subresource));
  }

  private static boolean isName(String segment) {
    return !segment.isEmpty() && segment.indexOf('/') < 0;
  }
}
