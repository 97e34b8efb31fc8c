package dev.berth.api.schema;

import dev.berth.api.Json;
import dev.berth.api.ResourceType;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The OpenAPI v2 (Swagger 2.0) document of all kinds at once, for clients that know no v3: kubectl
/// up to 1.28, helm up to 3.12, Argo CD. It is the v3 documents in the older words, so the two
/// cannot disagree. Those clients read it as protobuf only ([#protobuf]). Pure, any thread; a
/// document is some megabytes of tree, so callers keep it.
public final class OpenApiV2 {
  private static final String V3_REF = "#/components/schemas/";
  private static final String V2_REF = "#/definitions/";
  private static final String UNKNOWN = "x-kubernetes-preserve-unknown-fields";
  private static final String KIND = "x-kubernetes-group-version-kind";
  private static final List<String> METHODS = List.of("get", "put", "post", "delete", "patch");
  private static final List<String> MEDIA_TYPES = List.of("application/json", "application/yaml");

  private OpenApiV2() {}

  /// Newly made: `swagger`, `info`, `paths`, `definitions`. Every `$ref` in it resolves.
  public static ObjectNode document(Collection<KindSchema> kinds) {
    ObjectNode document = Json.object().put("swagger", "2.0");
    document.putObject("info").put("title", "Berth").put("version", "v1");
    ObjectNode paths = document.putObject("paths");
    Map<String, JsonNode> definitions = new TreeMap<>();
    List<ResourceType> types = kinds.stream().map(KindSchema::type).toList();
    for (String groupVersion : Discovery.groupVersions(types)) {
      ObjectNode newer = OpenApi.document(groupVersion, kinds);
      for (Map.Entry<String, JsonNode> path : newer.path("paths").properties()) {
        paths.set(path.getKey(), path(path.getValue()));
      }
      for (Map.Entry<String, JsonNode> one : Json.at(newer, "components", "schemas").properties()) {
        // A kind that is a part of another group's kind is named as one in its own group only.
        if (!definitions.containsKey(one.getKey()) || one.getValue().has(KIND)) {
          definitions.put(one.getKey(), schema(one.getValue()));
        }
      }
    }
    ObjectNode all = document.putObject("definitions");
    definitions.forEach(all::set);
    return document;
  }

  /// The bytes of `openapi.v2.Document` (github.com/google/gnostic, openapiv2/OpenAPIv2.proto).
  public static byte[] protobuf(ObjectNode document) {
    return OpenApiV2Writer.document(document);
  }

  // Paths.

  private static ObjectNode path(JsonNode newer) {
    ObjectNode path = Json.object();
    for (String method : METHODS) {
      if (newer.has(method)) {
        path.set(method, operation(newer.path(method)));
      }
    }
    if (newer.has("parameters")) {
      path.set("parameters", parameters(newer.path("parameters")));
    }
    return path;
  }

  private static ObjectNode operation(JsonNode newer) {
    ObjectNode operation = Json.object();
    operation.put("operationId", Json.text(newer, "operationId"));
    JsonNode body = newer.path("requestBody").path("content");
    ArrayNode consumes = operation.putArray("consumes");
    body.propertyNames().forEach(consumes::add);
    ArrayNode produces = operation.putArray("produces");
    MEDIA_TYPES.forEach(produces::add);
    ArrayNode parameters = parameters(newer.path("parameters"));
    body.valueStream().findFirst().ifPresent(content -> body(parameters, content.path("schema")));
    operation.set("parameters", parameters);
    ObjectNode responses = operation.putObject("responses");
    for (Map.Entry<String, JsonNode> answer : newer.path("responses").properties()) {
      JsonNode content = answer.getValue().path("content").path("application/json");
      responses
          .putObject(answer.getKey())
          .put("description", Json.text(answer.getValue(), "description"))
          .set("schema", schema(content.path("schema")));
    }
    extensions(newer, operation);
    return operation;
  }

  private static void body(ArrayNode parameters, JsonNode schema) {
    parameters
        .addObject()
        .put("name", "body")
        .put("in", "body")
        .put("required", true)
        .set("schema", schema(schema));
  }

  private static ArrayNode parameters(JsonNode newer) {
    ArrayNode parameters = Json.array();
    for (JsonNode parameter : newer) {
      ObjectNode older = parameters.addObject();
      older.put("name", Json.text(parameter, "name")).put("in", Json.text(parameter, "in"));
      if (parameter.path("required").asBoolean(false)) {
        older.put("required", true);
      }
      older.setAll((ObjectNode) parameter.path("schema"));
    }
    return parameters;
  }

  private static void extensions(JsonNode from, ObjectNode to) {
    for (Map.Entry<String, JsonNode> entry : from.properties()) {
      if (entry.getKey().startsWith("x-")) {
        to.set(entry.getKey(), entry.getValue());
      }
    }
  }

  // Schemas.

  /// A field's only `allOf` is its type with something said about it; there is no `oneOf`. What
  /// keeps unknown fields must name no known ones: older clients refuse all others then.
  private static ObjectNode schema(JsonNode newer) {
    ObjectNode schema = Json.object();
    boolean open = newer.path(UNKNOWN).asBoolean(false);
    for (Map.Entry<String, JsonNode> entry : newer.properties()) {
      JsonNode value = entry.getValue();
      switch (entry.getKey()) {
        case "$ref" -> schema.put("$ref", reference(value));
        case "allOf" -> schema.put("$ref", reference(value.path(0).path("$ref")));
        case "oneOf" -> schema.put("type", "string");
        case "items", "additionalProperties" -> schema.set(entry.getKey(), schema(value));
        case "properties" -> {
          if (!open) {
            schema.set("properties", properties(value));
          }
        }
        case "type" -> {
          if (!open) {
            schema.set("type", value);
          }
        }
        default -> schema.set(entry.getKey(), value);
      }
    }
    return schema;
  }

  private static ObjectNode properties(JsonNode newer) {
    ObjectNode properties = Json.object();
    newer.properties().forEach(e -> properties.set(e.getKey(), schema(e.getValue())));
    return properties;
  }

  private static String reference(JsonNode newer) {
    return newer.asString("").replace(V3_REF, V2_REF);
  }
}
