package dev.berth.agent.endpoint;

import dev.berth.api.Json;
import dev.berth.api.modelapp.Protocol;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a call without a body sends, from what the model says of itself. Pure.
final class Example {
  /// Of all tensors together: whoever declares more is a stranger's container, and the whole agent
  /// would hold what it asks for.
  static final int MOST_ELEMENTS = 1_000_000;

  private Example() {}

  /// Empty when the model wants more than [#MOST_ELEMENTS].
  static Optional<ObjectNode> of(EndpointConfig config, JsonNode metadata) {
    if (config.protocol() == Protocol.OPENAI) {
      ObjectNode chat = Json.object().put("model", config.modelName()).put("max_tokens", 8);
      chat.putArray("messages").addObject().put("role", "user").put("content", "Hello");
      return Optional.of(chat);
    }
    return metadata.isEmpty() ? Optional.of(Json.object()) : zeros(metadata);
  }

  /// One request of zeros: a variable dimension becomes 1.
  static Optional<ObjectNode> zeros(JsonNode metadata) {
    if (elements(metadata) > MOST_ELEMENTS) {
      return Optional.empty();
    }
    ObjectNode request = Json.object();
    ArrayNode inputs = request.putArray("inputs");
    for (JsonNode tensor : metadata.path("inputs")) {
      String datatype = Json.text(tensor, "datatype");
      ObjectNode input =
          inputs.addObject().put("name", Json.text(tensor, "name")).put("datatype", datatype);
      ArrayNode shape = input.putArray("shape");
      tensor.path("shape").forEach(d -> shape.add(size(d)));
      ArrayNode data = input.putArray("data");
      for (long i = elementsOf(tensor); i > 0; i--) {
        zero(data, datatype);
      }
    }
    return Optional.of(request);
  }

  /// Of all tensors; a number above [#MOST_ELEMENTS] stands for any.
  static long elements(JsonNode metadata) {
    long all = 0;
    for (JsonNode tensor : metadata.path("inputs")) {
      all = Math.min(all + elementsOf(tensor), MOST_ELEMENTS + 1L);
    }
    return all;
  }

  private static long elementsOf(JsonNode tensor) {
    long count = 1;
    for (JsonNode d : tensor.path("shape")) {
      if (size(d) > MOST_ELEMENTS / count) {
        return MOST_ELEMENTS + 1L;
      }
      count *= size(d);
    }
    return count;
  }

  private static long size(JsonNode dimension) {
    return Math.max(1, dimension.asLong(1));
  }

  private static void zero(ArrayNode data, String datatype) {
    switch (datatype) {
      case "BOOL" -> data.add(false);
      case "BYTES" -> data.add("");
      case "FP16", "FP32", "FP64", "BF16" -> data.add(0.0);
      default -> data.add(0);
    }
  }
}
