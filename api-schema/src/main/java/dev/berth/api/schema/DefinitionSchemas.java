package dev.berth.api.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Whether the keywords of a definition's schemas are of the types that Kubernetes' JSONSchemaProps
/// has: what is stored otherwise can be read by no typed client. Keywords that it does not have are
/// dropped.
final class DefinitionSchemas {
  private static final Set<String> TEXTS =
      Set.of(
          "$ref",
          "$schema",
          "description",
          "format",
          "id",
          "pattern",
          "title",
          "type",
          "x-kubernetes-list-type",
          "x-kubernetes-map-type");
  private static final Set<String> FLAGS =
      Set.of(
          "exclusiveMaximum",
          "exclusiveMinimum",
          "uniqueItems",
          "nullable",
          "x-kubernetes-embedded-resource",
          "x-kubernetes-int-or-string",
          "x-kubernetes-preserve-unknown-fields");
  private static final Set<String> COUNTS =
      Set.of("maxItems", "minItems", "maxLength", "minLength", "maxProperties", "minProperties");
  private static final Set<String> NUMBERS = Set.of("maximum", "minimum", "multipleOf");
  private static final Set<String> LISTS_OF_TEXTS =
      Set.of("required", "x-kubernetes-list-map-keys");
  private static final Set<String> LISTS_OF_SCHEMAS = Set.of("allOf", "anyOf", "oneOf");
  private static final Set<String> MAPS_OF_SCHEMAS =
      Set.of("properties", "patternProperties", "definitions");
  private static final Set<String> SCHEMAS_OR_FLAGS =
      Set.of("additionalProperties", "additionalItems");

  private static final Set<String> OTHERS =
      Set.of(
          "not",
          "items",
          "enum",
          "externalDocs",
          "x-kubernetes-validations",
          "dependencies",
          "default",
          "example");
  private static final Set<String> KEYWORDS =
      Stream.of(
              TEXTS,
              FLAGS,
              COUNTS,
              NUMBERS,
              LISTS_OF_TEXTS,
              LISTS_OF_SCHEMAS,
              MAPS_OF_SCHEMAS,
              SCHEMAS_OR_FLAGS,
              OTHERS)
          .flatMap(Set::stream)
          .collect(Collectors.toUnmodifiableSet());

  private final List<FieldError> errors = new ArrayList<>();

  private DefinitionSchemas() {}

  /// Removes what is no keyword from a schema and from those within, in place; what is of a wrong
  /// type stays for [#check].
  static void dropUnknown(JsonNode schema) {
    if (!(schema instanceof ObjectNode keywords)) {
      return;
    }
    keywords.retain(KEYWORDS);
    for (Map.Entry<String, JsonNode> each : keywords.properties()) {
      String name = each.getKey();
      JsonNode value = each.getValue();
      if (MAPS_OF_SCHEMAS.contains(name) || name.equals("dependencies")) {
        if (value.isObject()) {
          value.values().forEach(DefinitionSchemas::dropUnknown);
        }
      } else if (LISTS_OF_SCHEMAS.contains(name)) {
        if (value.isArray()) {
          value.values().forEach(DefinitionSchemas::dropUnknown);
        }
      } else if (SCHEMAS_OR_FLAGS.contains(name) || name.equals("not") || name.equals("items")) {
        dropUnknown(value);
      }
    }
  }

  /// @param path where the schema is
  static List<FieldError> check(JsonNode schema, String path) {
    DefinitionSchemas check = new DefinitionSchemas();
    check.schema(schema, path);
    return check.errors;
  }

  private void schema(JsonNode schema, String path) {
    if (expect(schema.isObject(), path, "an object")) {
      for (Map.Entry<String, JsonNode> each : schema.properties()) {
        if (!each.getValue().isNull()) {
          keyword(each.getKey(), each.getValue(), path + "." + each.getKey());
        }
      }
    }
  }

  private void keyword(String name, JsonNode value, String path) {
    if (TEXTS.contains(name)) {
      expect(value.isString(), path, "text");
    } else if (FLAGS.contains(name)) {
      expect(value.isBoolean(), path, "true or false");
    } else if (COUNTS.contains(name)) {
      expect(value.isIntegralNumber() && value.canConvertToLong(), path, "an integer");
    } else if (NUMBERS.contains(name)) {
      expect(value.isNumber(), path, "a number");
    } else if (LISTS_OF_TEXTS.contains(name)) {
      texts(value, path);
    } else if (LISTS_OF_SCHEMAS.contains(name)) {
      schemas(value, path);
    } else if (MAPS_OF_SCHEMAS.contains(name)) {
      map(value, path);
    } else if (SCHEMAS_OR_FLAGS.contains(name)) {
      if (!value.isBoolean()) {
        schema(value, path);
      }
    } else {
      other(name, value, path);
    }
  }

  private void other(String name, JsonNode value, String path) {
    switch (name) {
      case "not", "items" -> schema(value, path);
      case "enum" -> expect(value.isArray(), path, "a list");
      case "externalDocs" -> expect(value.isObject(), path, "an object");
      case "x-kubernetes-validations" -> objects(value, path);
      case "dependencies" -> dependencies(value, path);
      default -> {}
    }
  }

  private void texts(JsonNode list, String path) {
    if (expect(list.isArray(), path, "a list")) {
      for (int i = 0; i < list.size(); i++) {
        expect(list.path(i).isString(), path + "[" + i + "]", "text");
      }
    }
  }

  private void objects(JsonNode list, String path) {
    if (expect(list.isArray(), path, "a list")) {
      for (int i = 0; i < list.size(); i++) {
        expect(list.path(i).isObject(), path + "[" + i + "]", "an object");
      }
    }
  }

  private void schemas(JsonNode list, String path) {
    if (expect(list.isArray(), path, "a list")) {
      for (int i = 0; i < list.size(); i++) {
        schema(list.path(i), path + "[" + i + "]");
      }
    }
  }

  private void map(JsonNode map, String path) {
    if (expect(map.isObject(), path, "an object")) {
      map.properties().forEach(each -> schema(each.getValue(), path + "[" + each.getKey() + "]"));
    }
  }

  /// Of each either a schema or the names of the fields that must be there, too.
  private void dependencies(JsonNode map, String path) {
    if (expect(map.isObject(), path, "an object")) {
      for (Map.Entry<String, JsonNode> each : map.properties()) {
        String at = path + "[" + each.getKey() + "]";
        if (each.getValue().isArray()) {
          texts(each.getValue(), at);
        } else {
          schema(each.getValue(), at);
        }
      }
    }
  }

  private boolean expect(boolean ok, String path, String wanted) {
    if (!ok && errors.size() < TreeCheck.MAX_ERRORS) {
      errors.add(new FieldError(path, FieldError.TYPE_INVALID, "expected " + wanted));
    }
    return ok;
  }
}
