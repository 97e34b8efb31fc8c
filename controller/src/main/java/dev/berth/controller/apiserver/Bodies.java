package dev.berth.controller.apiserver;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.api.codec.Manifest;
import dev.berth.api.codec.ManifestException;
import dev.berth.api.codec.Manifests;
import dev.berth.controller.http.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Request bodies to trees.
final class Bodies {
  static final int LARGEST_BODY = 3 << 20;
  private static final int LARGEST_OBJECT = 3 << 19;

  private Bodies() {}

  /// The object that a write sends, as JSON or YAML.
  static ObjectNode object(HttpExchange exchange) throws IOException {
    byte[] bytes = exchange.body(LARGEST_BODY);
    if (bytes.length > LARGEST_OBJECT) {
      throw new ApiException(
          new ApiError.Invalid(
              "the object is "
                  + bytes.length
                  + " bytes long; the most that is stored is "
                  + LARGEST_OBJECT,
              List.of()));
    }
    String type = contentType(exchange);
    return switch (type) {
      case "application/json", "" -> json(bytes);
      case "application/yaml", "text/yaml", "application/x-yaml" -> yaml(bytes);
      default -> throw unsupported(type, "application/json, application/yaml");
    };
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
      default -> throw unsupported(type, "application/json");
    };
  }

  static ApiException unsupported(String type, String accepted) {
    String hint =
        type.equals("application/vnd.kubernetes.protobuf")
            ? "; protobuf bodies are not decoded yet: write the object with apply -f or create -f, which send JSON"
            : "";
    return new ApiException(
        new ApiError.UnsupportedMediaType(
            "the body of the request was in an unknown format ("
                + type
                + ") - accepted media types include: "
                + accepted
                + hint));
  }

  static String contentType(HttpExchange exchange) {
    return Negotiation.MediaType.parse(exchange.header("Content-Type").orElse("")).name();
  }

  static ObjectNode json(byte[] bytes) {
    if (tree(bytes) instanceof ObjectNode object) {
      return object;
    }
    throw bad("the body is not a JSON object");
  }

  static JsonNode tree(byte[] bytes) {
    if (startsWithProtobufMagic(bytes)) {
      throw unsupported("application/vnd.kubernetes.protobuf", "application/json");
    }
    try {
      return Json.parse(bytes);
    } catch (JacksonException e) {
      throw bad("the body is not valid JSON: " + e.getOriginalMessage());
    } catch (IllegalArgumentException e) {
      throw bad("the body is not valid JSON: " + e.getMessage());
    }
  }

  private static boolean startsWithProtobufMagic(byte[] bytes) {
    return bytes.length > 4
        && bytes[0] == 'k'
        && bytes[1] == '8'
        && bytes[2] == 's'
        && bytes[3] == 0;
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
