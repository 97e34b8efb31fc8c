package dev.berth.cli.look;

import dev.berth.api.ApiException;
import dev.berth.api.FieldSelector;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.client.ApiClient;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/// Which events are about one object: its own; and about a ModelApp also those of all that was made
/// for it, which is told by a label of what they name, asked once for each.
final class EventsAbout implements Predicate<JsonNode> {
  private static final String MODEL_APP = "berth.dev/modelapp";

  private final ApiClient client;
  private final ResourceType type;
  private final ObjectKey key;
  private final Map<String, Boolean> known = new ConcurrentHashMap<>();

  EventsAbout(ApiClient client, ResourceType type, ObjectKey key) {
    this.client = client;
    this.type = type;
    this.key = key;
  }

  /// What the server can choose by itself.
  FieldSelector fields() {
    return type.equals(Kinds.MODEL_APP)
        ? FieldSelector.EVERYTHING
        : FieldSelector.parse(
            "involvedObject.name=" + key.name() + ",involvedObject.kind=" + type.kind());
  }

  @Override
  public boolean test(JsonNode event) {
    String kind = Json.text(event, "involvedObject", "kind");
    String name = Json.text(event, "involvedObject", "name");
    if (kind.equals(type.kind())) {
      return name.equals(key.name());
    }
    return type.equals(Kinds.MODEL_APP)
        && known.computeIfAbsent(EventRows.object(event), _ -> isMadeForIt(kind, name));
  }

  private boolean isMadeForIt(String kind, String name) {
    return Kinds.all().stream()
        .filter(t -> t.kind().equals(kind) && t.namespaced())
        .findFirst()
        .flatMap(t -> find(t, new ObjectKey(key.namespace(), name)))
        .map(object -> key.name().equals(Json.labels(object).get(MODEL_APP)))
        .orElse(false);
  }

  /// Empty also for what this person may not read.
  private Optional<? extends JsonNode> find(ResourceType kind, ObjectKey object) {
    try {
      return client.find(kind, object);
    } catch (ApiException e) {
      return Optional.empty();
    }
  }
}
