package dev.berth.controller.gitops;

import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.controller.resource.Item;
import dev.berth.controller.resource.Resources;
import dev.berth.gitops.port.Secrets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The Secrets of the store.
final class StoredSecrets implements Secrets {
  private final Resources resources;

  StoredSecrets(Resources resources) {
    this.resources = resources;
  }

  @Override
  public Optional<Map<String, byte[]>> read(ObjectKey key) {
    return resources.find(Kinds.SECRET, key).map(Item::tree).map(s -> decoded(s.path("data")));
  }

  /// Admission has seen that they are base64, with line breaks or without.
  static Map<String, byte[]> decoded(JsonNode data) {
    Map<String, byte[]> values = new HashMap<>();
    for (Map.Entry<String, JsonNode> entry : data.properties()) {
      values.put(entry.getKey(), Base64.getMimeDecoder().decode(entry.getValue().asString("")));
    }
    return values;
  }
}
