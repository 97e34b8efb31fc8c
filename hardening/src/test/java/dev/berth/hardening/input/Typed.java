package dev.berth.hardening.input;

import dev.berth.api.Json;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A client with a class for each kind: one object that does not fit, and it can read none of the
/// list.
final class Typed {
  private static final KubernetesSerialization LIBRARY = new KubernetesSerialization();

  private Typed() {}

  /// The first object of the list that its class cannot hold. Kinds without a class always can.
  static Optional<String> problem(ObjectNode list) {
    String apiVersion = Json.text(list, "apiVersion");
    String kind = Json.text(list, "kind").replaceFirst("List$", "");
    for (JsonNode item : list.path("items")) {
      ObjectNode object = Json.deepCopy(item).put("apiVersion", apiVersion).put("kind", kind);
      try {
        HasMetadata read = LIBRARY.unmarshal(object.toString());
        if (read instanceof GenericKubernetesResource) {
          return Optional.empty();
        }
      } catch (RuntimeException e) {
        return Optional.of("no typed client can read it: " + reason(e) + " in " + object);
      }
    }
    return Optional.empty();
  }

  private static String reason(Throwable error) {
    Throwable cause = error.getCause();
    return cause == null ? String.valueOf(error.getMessage()) : reason(cause);
  }
}
