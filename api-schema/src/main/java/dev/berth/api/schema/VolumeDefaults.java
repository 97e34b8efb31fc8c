package dev.berth.api.schema;

import static dev.berth.api.schema.PodDefaults.isAbsent;
import static dev.berth.api.schema.PodDefaults.objects;
import static dev.berth.api.schema.PodDefaults.put;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What Kubernetes fills into a pod's volumes, and where a pod asks about itself.
final class VolumeDefaults {
  private static final int DEFAULT_MODE = 0644;
  private static final int TOKEN_SECONDS = 3600;

  private VolumeDefaults() {}

  /// A volume that says nothing about its kind is an empty directory.
  static void volume(ObjectNode volume) {
    boolean named =
        volume.properties().stream()
            .filter(entry -> !entry.getKey().equals("name"))
            .map(Map.Entry::getValue)
            .anyMatch(source -> !source.isNull());
    if (!named) {
      volume.putObject("emptyDir");
    }
    for (String kind : List.of("configMap", "secret", "downwardAPI", "projected")) {
      if (volume.get(kind) instanceof ObjectNode source) {
        put(source, "defaultMode", DEFAULT_MODE);
      }
    }
    files(volume.path("downwardAPI"));
    objects(volume.path("projected").path("sources")).forEach(VolumeDefaults::source);
  }

  private static void source(ObjectNode source) {
    files(source.path("downwardAPI"));
    if (source.get("serviceAccountToken") instanceof ObjectNode token) {
      put(token, "expirationSeconds", TOKEN_SECONDS);
    }
  }

  private static void files(JsonNode downward) {
    objects(downward.path("items")).forEach(VolumeDefaults::references);
  }

  /// `fieldRef` and `resourceFieldRef` of a file or of a variable.
  static void references(JsonNode holder) {
    if (holder.get("fieldRef") instanceof ObjectNode field) {
      put(field, "apiVersion", "v1");
    }
    if (holder.get("resourceFieldRef") instanceof ObjectNode resource
        && isAbsent(resource, "divisor")) {
      resource.put("divisor", "0");
    }
  }
}
