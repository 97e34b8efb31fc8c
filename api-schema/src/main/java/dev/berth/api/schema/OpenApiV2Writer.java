package dev.berth.api.schema;

import dev.berth.api.Json;
import java.util.Map;
import java.util.function.BiConsumer;
import tools.jackson.databind.JsonNode;

/// A Swagger document as the message `openapi.v2.Document`. The numbers are those of
/// github.com/google/gnostic, `openapiv2/OpenAPIv2.proto`; of it only what `OpenApiV2` makes is
/// written. A map is a message with one list, of messages {1 name, 2 value}. Values of any kind
/// (extensions, enums) are text that a YAML reader takes: JSON is.
final class OpenApiV2Writer {
  /// `Any.yaml`.
  private static final int YAML = 2;

  private OpenApiV2Writer() {}

  static byte[] document(JsonNode document) {
    return new WireWriter()
        .text(1, Json.text(document, "swagger"))
        .message(
            2,
            info ->
                info.text(1, Json.text(document, "info", "title"))
                    .text(2, Json.text(document, "info", "version")))
        .message(8, paths -> named(paths, 2, document.path("paths"), OpenApiV2Writer::path))
        .message(9, all -> named(all, 1, document.path("definitions"), OpenApiV2Writer::schema))
        .bytes();
  }

  private static void named(
      WireWriter out, int number, JsonNode map, BiConsumer<WireWriter, JsonNode> value) {
    for (Map.Entry<String, JsonNode> entry : map.properties()) {
      out.message(
          number,
          one -> one.text(1, entry.getKey()).message(2, v -> value.accept(v, entry.getValue())));
    }
  }

  private static void extensions(WireWriter out, int number, JsonNode holder) {
    for (Map.Entry<String, JsonNode> entry : holder.properties()) {
      if (entry.getKey().startsWith("x-")) {
        String yaml = Json.string(entry.getValue());
        out.message(number, one -> one.text(1, entry.getKey()).message(2, a -> a.text(YAML, yaml)));
      }
    }
  }

  private static void texts(WireWriter out, int number, JsonNode list) {
    list.forEach(text -> out.text(number, text.asString("")));
  }

  // Paths.

  private static void path(WireWriter out, JsonNode path) {
    operation(out, 2, path.path("get"));
    operation(out, 3, path.path("put"));
    operation(out, 4, path.path("post"));
    operation(out, 5, path.path("delete"));
    operation(out, 8, path.path("patch"));
    parameters(out, 9, path.path("parameters"));
  }

  private static void operation(WireWriter path, int number, JsonNode operation) {
    if (!operation.isObject()) {
      return;
    }
    path.message(
        number,
        out -> {
          out.text(5, Json.text(operation, "operationId"));
          texts(out, 6, operation.path("produces"));
          texts(out, 7, operation.path("consumes"));
          parameters(out, 8, operation.path("parameters"));
          JsonNode answers = operation.path("responses");
          out.message(9, all -> named(all, 1, answers, OpenApiV2Writer::response));
          extensions(out, 13, operation);
        });
  }

  /// ResponseValue {1 Response {1 description, 2 SchemaItem {1 schema}}}.
  private static void response(WireWriter out, JsonNode response) {
    out.message(
        1,
        answer ->
            answer
                .text(1, Json.text(response, "description"))
                .message(
                    2, item -> item.message(1, schema -> schema(schema, response.path("schema")))));
  }

  /// ParametersItem {1 Parameter {1 BodyParameter, 2 NonBodyParameter {3 query, 4 path}}}.
  private static void parameters(WireWriter out, int number, JsonNode parameters) {
    for (JsonNode parameter : parameters) {
      out.message(number, item -> item.message(1, one -> parameter(one, parameter)));
    }
  }

  private static void parameter(WireWriter out, JsonNode parameter) {
    switch (Json.text(parameter, "in")) {
      case "body" -> out.message(1, body -> body(body, parameter));
      case "query" ->
          out.message(2, other -> other.message(3, query -> simple(query, parameter, 6, 20)));
      default -> out.message(2, other -> other.message(4, path -> simple(path, parameter, 5, 19)));
    }
  }

  private static void body(WireWriter out, JsonNode parameter) {
    out.text(2, Json.text(parameter, "name"))
        .text(3, "body")
        .flag(4, parameter.path("required").asBoolean(false))
        .message(5, schema -> schema(schema, parameter.path("schema")));
  }

  /// QueryParameterSubSchema and PathParameterSubSchema differ in the numbers of some fields.
  private static void simple(WireWriter out, JsonNode parameter, int type, int unique) {
    out.flag(1, parameter.path("required").asBoolean(false))
        .text(2, Json.text(parameter, "in"))
        .text(4, Json.text(parameter, "name"))
        .text(type, Json.text(parameter, "type"))
        .flag(unique, parameter.path("uniqueItems").asBoolean(false));
  }

  // Schemas.

  private static void schema(WireWriter out, JsonNode schema) {
    out.text(1, Json.text(schema, "$ref"))
        .text(2, Json.text(schema, "format"))
        .text(4, Json.text(schema, "description"))
        .decimal(7, schema.path("maximum").asDouble(0))
        .decimal(9, schema.path("minimum").asDouble(0))
        .text(13, Json.text(schema, "pattern"));
    texts(out, 19, schema.path("required"));
    for (JsonNode value : schema.path("enum")) {
      out.message(20, any -> any.text(YAML, Json.string(value)));
    }
    if (schema.has("additionalProperties")) {
      JsonNode values = schema.path("additionalProperties");
      out.message(21, item -> item.message(1, value -> schema(value, values)));
    }
    if (schema.has("type")) {
      out.message(22, type -> type.text(1, Json.text(schema, "type")));
    }
    if (schema.has("items")) {
      out.message(23, items -> items.message(1, item -> schema(item, schema.path("items"))));
    }
    if (schema.has("properties")) {
      JsonNode properties = schema.path("properties");
      out.message(25, all -> named(all, 1, properties, OpenApiV2Writer::schema));
    }
    extensions(out, 31, schema);
  }
}
