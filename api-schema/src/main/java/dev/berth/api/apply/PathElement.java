package dev.berth.api.apply;

import dev.berth.api.Json;
import dev.berth.api.schema.FieldType;
import dev.berth.api.schema.FieldType.ListKind;
import dev.berth.api.schema.FieldType.ListType;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One step of a path, written as `FieldsV1` writes it; equal steps are equal texts.
///
/// ```
/// f:replicas                          a field, or a key of a map
/// k:{"containerPort":80,"protocol":"TCP"}   the element of a list with these keys
/// v:"berth.dev/cleanup"               the element of a set with this value
/// i:3                                 a place in a list; read, never written
/// ```
final class PathElement {
  /// Keys of list elements that are filled in before they are compared, because the schema has a
  /// default for them: without it a port written without its protocol would be another port.
  private static final Map<String, String> KEY_DEFAULTS = Map.of("protocol", "TCP");

  private PathElement() {}

  static String field(String name) {
    return "f:" + name;
  }

  /// How a list that is not owned as one value names this element.
  static String of(ListType list, JsonNode element) {
    return list.kind() == ListKind.MAP ? key(list, element) : "v:" + text(element);
  }

  private static String key(ListType list, JsonNode element) {
    ObjectNode keys = Json.object();
    for (String name : list.listMapKeys().stream().sorted().toList()) {
      JsonNode value = element.path(name);
      if (!value.isMissingNode() && !value.isNull()) {
        keys.set(name, value);
      } else if (KEY_DEFAULTS.containsKey(name)) {
        keys.put(name, KEY_DEFAULTS.get(name));
      }
    }
    return "k:" + Json.string(keys);
  }

  private static String text(JsonNode value) {
    return new String(Json.canonical(value), java.nio.charset.StandardCharsets.UTF_8);
  }

  /// The same element in the one spelling that is used here; empty where it is none.
  static Optional<String> canonical(String element) {
    if (element.startsWith("f:")) {
      return Optional.of(element);
    }
    boolean known =
        element.startsWith("k:{") || element.startsWith("v:") || element.startsWith("i:");
    if (!known) {
      return Optional.empty();
    }
    try {
      return Optional.of(element.substring(0, 2) + text(Json.parse(element.substring(2))));
    } catch (JacksonException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// `.replicas`, `[name="web"]`, `[="text"]`, `[3]`.
  static String inWords(String element) {
    String rest = element.substring(2);
    return switch (element.charAt(0)) {
      case 'f' -> "." + rest;
      case 'k' ->
          Json.parse(rest).properties().stream()
              .map(key -> key.getKey() + "=" + text(key.getValue()))
              .collect(Collectors.joining(",", "[", "]"));
      case 'v' -> "[=" + rest + "]";
      default -> "[" + rest + "]";
    };
  }

  /// The type below this element.
  static FieldType below(FieldType type, String element) {
    return switch (type) {
      case FieldType.ObjectType object ->
          object.field(element.substring(2)).map(field -> field.type()).orElse(FieldType.ANY);
      case FieldType.MapType map -> map.value();
      case ListType list -> list.element();
      case FieldType.Scalar _, FieldType.AnyType _ -> FieldType.ANY;
    };
  }
}
