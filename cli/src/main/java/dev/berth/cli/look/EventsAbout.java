package dev.berth.cli.look;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.FieldSelector;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.client.ApiClient;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Which events are about one object: its own; and about a ModelApp also those of all that was made
/// for it, which is told by a label of what they name, asked once for each; what could not be asked
/// is asked again.
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
    return type.equals(Kinds.MODEL_APP) && isMadeForIt(EventRows.object(event), kind, name);
  }

  private boolean isMadeForIt(String object, String kind, String name) {
    @Nullable Boolean before = known.get(object);
    if (before != null) {
      return before;
    }
    try {
      boolean made = isMadeForIt(kind, name);
      known.put(object, made);
      return made;
    } catch (ApiException e) {
      // Who may not read it now may not at the next event either; what was not reached may be then.
      if (e.error() instanceof ApiError.Forbidden) {
        known.put(object, false);
      }
      return false;
    }
  }

  private boolean isMadeForIt(String kind, String name) {
    return Kinds.all().stream()
        .filter(t -> t.kind().equals(kind) && t.namespaced())
        .findFirst()
        .flatMap(t -> client.find(t, new ObjectKey(key.namespace(), name)))
        .map(object -> key.name().equals(Json.labels(object).get(MODEL_APP)))
        .orElse(false);
  }
}
