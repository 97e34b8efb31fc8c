package dev.berth.controller.apiserver;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.schema.JsonPatch;
import dev.berth.api.schema.KindSchema;
import dev.berth.api.schema.MergePatch;
import dev.berth.api.schema.PatchException;
import dev.berth.api.schema.StrategicMerge;
import dev.berth.controller.http.HttpExchange;
import java.io.IOException;
import java.util.List;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The three kinds of patch, as functions from the present tree to the wanted one.
final class Patches {
  static final String APPLY = "application/apply-patch+yaml";
  private static final String ACCEPTED =
      "application/json-patch+json, application/merge-patch+json, " + APPLY;

  private Patches() {}

  static UnaryOperator<ObjectNode> parse(HttpExchange exchange, KindSchema schema)
      throws IOException {
    String contentType = Bodies.contentType(exchange);
    boolean builtIn = schema.hasStrategicMerge();
    String accepted = builtIn ? ACCEPTED + ", application/strategic-merge-patch+json" : ACCEPTED;
    boolean known =
        contentType.equals("application/json-patch+json")
            || contentType.equals("application/merge-patch+json")
            || (builtIn && contentType.equals("application/strategic-merge-patch+json"));
    if (!known) {
      throw Bodies.unsupported(contentType, accepted);
    }
    JsonNode patch = Bodies.tree(exchange.body(Bodies.LARGEST_BODY));
    return switch (contentType) {
      case "application/json-patch+json" -> guarded(base -> JsonPatch.apply(base, patch));
      case "application/merge-patch+json" -> guarded(base -> MergePatch.apply(base, patch));
      default -> guarded(base -> StrategicMerge.apply(base, asObject(patch), schema.root()));
    };
  }

  private interface Step {
    JsonNode apply(ObjectNode base);
  }

  private static UnaryOperator<ObjectNode> guarded(Step step) {
    return base -> {
      try {
        return asObject(step.apply(base));
      } catch (PatchException e) {
        throw refused(e);
      }
    };
  }

  private static ApiException refused(PatchException e) {
    return new ApiException(
        new ApiError.Invalid("the patch cannot be applied: " + e.getMessage(), List.of()), e);
  }

  private static ObjectNode asObject(JsonNode node) {
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw new ApiException(new ApiError.BadRequest("the patch, or its result, is not an object"));
  }
}
