package dev.berth.controller.apiserver;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.api.codec.JsonBody;
import dev.berth.api.codec.Manifest;
import dev.berth.api.codec.ManifestException;
import dev.berth.api.codec.Manifests;
import dev.berth.api.codec.Protobuf;
import dev.berth.controller.http.HttpExchange;
import dev.berth.controller.resource.Resources;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Request bodies to trees.
final class Bodies {
  static final int LARGEST_BODY = 3 << 20;
  private static final String PROTOBUF = "application/vnd.kubernetes.protobuf";

  private Bodies() {}

  /// What a write sends.
  ///
  /// @param duplicates paths of the fields that came twice: their last value holds
  record Sent(ObjectNode object, List<String> duplicates) {}

  /// The object that a request sends, as JSON, YAML or protobuf.
  static ObjectNode object(HttpExchange exchange) throws IOException {
    return sent(exchange).object();
  }

  static Sent sent(HttpExchange exchange) throws IOException {
    byte[] bytes = exchange.body(LARGEST_BODY);
    if (bytes.length > Resources.LARGEST_OBJECT) {
      throw new ApiException(
          new ApiError.Invalid(
              "the object is "
                  + bytes.length
                  + " bytes long; the most that is stored is "
                  + Resources.LARGEST_OBJECT,
              List.of()));
    }
    String type = contentType(exchange);
    return switch (type) {
      case "application/json", "" -> sentJson(bytes);
      case "application/yaml", "text/yaml", "application/x-yaml" ->
          new Sent(yaml(bytes), List.of());
      case PROTOBUF -> new Sent(Protobuf.decode(bytes), List.of());
      default -> throw unsupported(type, "application/json, application/yaml, " + PROTOBUF);
    };
  }

  /// The configuration of a server-side apply: YAML, of which JSON is a part.
  static ObjectNode applied(HttpExchange exchange) throws IOException {
    byte[] bytes = exchange.body(LARGEST_BODY);
    return Protobuf.isProtobuf(bytes) ? Protobuf.decode(bytes) : yaml(bytes);
  }

  /// The object, or an empty one where the client sent nothing.
  static ObjectNode optionalObject(HttpExchange exchange) throws IOException {
    byte[] bytes = exchange.body(LARGEST_BODY);
    String type = contentType(exchange);
    if (bytes.length == 0) {
      return Json.object();
    }
    return switch (type) {
      case "application/json", "" -> json(bytes);
      case "application/yaml" -> yaml(bytes);
      case PROTOBUF -> Protobuf.decode(bytes);
      default -> throw unsupported(type, "application/json, application/yaml, " + PROTOBUF);
    };
  }

  static ApiException unsupported(String type, String accepted) {
    return new ApiException(
        new ApiError.UnsupportedMediaType(
            "the body of the request was in an unknown format ("
                + type
                + ") - accepted media types include: "
                + accepted));
  }

  static String contentType(HttpExchange exchange) {
    return Negotiation.MediaType.parse(exchange.header("Content-Type").orElse("")).name();
  }

  private static Sent sentJson(byte[] bytes) {
    try {
      JsonBody body = JsonBody.read(bytes);
      if (body.tree() instanceof ObjectNode object) {
        return new Sent(object, body.duplicates());
      }
    } catch (JacksonException e) {
      throw bad("the body is not valid JSON: " + e.getOriginalMessage());
    } catch (IllegalArgumentException e) {
      throw bad("the body is not valid JSON: " + e.getMessage());
    }
    throw bad("the body is not a JSON object");
  }

  static ObjectNode json(byte[] bytes) {
    if (tree(bytes) instanceof ObjectNode object) {
      return object;
    }
    throw bad("the body is not a JSON object");
  }

  static JsonNode tree(byte[] bytes) {
    try {
      return Json.parse(bytes);
    } catch (JacksonException e) {
      throw bad("the body is not valid JSON: " + e.getOriginalMessage());
    } catch (IllegalArgumentException e) {
      throw bad("the body is not valid JSON: " + e.getMessage());
    }
  }

  private static ObjectNode yaml(byte[] bytes) {
    try {
      List<Manifest> documents = Manifests.parse("body", bytes);
      if (documents.size() == 1) {
        return documents.getFirst().tree();
      }
      throw bad("the body holds " + documents.size() + " YAML documents; one is wanted");
    } catch (ManifestException e) {
      throw bad(String.valueOf(e.getMessage()));
    }
  }

  private static ApiException bad(String message) {
    return new ApiException(new ApiError.BadRequest(message));
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
