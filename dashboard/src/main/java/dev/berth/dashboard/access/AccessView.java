package dev.berth.dashboard.access;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.dashboard.scene.Scene;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Bindings of one namespace, and those of the cluster, which hold in every namespace; each subject
/// with the rules that its role gives it.
public final class AccessView {
  private static final int MOST = 1_000;

  private final Scene scene;
  private final String namespace;

  public AccessView(Scene scene, String namespace) {
    this.scene = scene;
    this.namespace = namespace;
  }

  /// The kind that the viewer would have to be allowed to list, if any is missing.
  public Optional<ResourceType> missing() {
    return scene.reach(Kinds.ROLE_BINDING).includes(namespace)
        ? Optional.empty()
        : Optional.of(Kinds.ROLE_BINDING);
  }

  public ObjectNode toJson() {
    ObjectNode answer = Json.object().put("namespace", namespace);
    ArrayNode entries = answer.putArray("entries");
    scene.list(Kinds.ROLE_BINDING).stream()
        .filter(binding -> Json.namespace(binding).equals(namespace))
        .forEach(binding -> add(entries, binding));
    scene.list(Kinds.CLUSTER_ROLE_BINDING).forEach(binding -> add(entries, binding));
    return answer.put("complete", isComplete() && entries.size() < MOST);
  }

  /// Whether no binding that holds here is hidden from the viewer.
  private boolean isComplete() {
    return !scene.reach(Kinds.CLUSTER_ROLE_BINDING).isNowhere();
  }

  private void add(ArrayNode entries, JsonNode binding) {
    JsonNode role = binding.path("roleRef");
    for (JsonNode subject : binding.path("subjects")) {
      if (entries.size() >= MOST) {
        return;
      }
      ObjectNode entry = entries.addObject();
      entry
          .putObject("subject")
          .put("kind", Json.text(subject, "kind"))
          .put("namespace", Json.text(subject, "namespace"))
          .put("name", Json.text(subject, "name"));
      entry
          .putObject("role")
          .put("kind", Json.text(role, "kind"))
          .put("name", Json.text(role, "name"));
      entry
          .putObject("binding")
          .put("kind", Json.text(binding, "kind"))
          .put("name", Json.name(binding));
      entry.set("rules", rules(role).orElseGet(Json::array));
    }
  }

  /// Empty for a role that is hidden, or that there is not: then the binding gives nothing.
  private Optional<ArrayNode> rules(JsonNode reference) {
    boolean own = Json.text(reference, "kind").equals("Role");
    ObjectKey key = new ObjectKey(own ? namespace : "", Json.text(reference, "name"));
    return scene.list(own ? Kinds.ROLE : Kinds.CLUSTER_ROLE).stream()
        .filter(role -> ObjectKey.of(role).equals(key))
        .findFirst()
        .map(AccessView::rulesOf);
  }

  private static ArrayNode rulesOf(JsonNode role) {
    ArrayNode rules = Json.array();
    for (JsonNode rule : role.path("rules")) {
      ObjectNode json = rules.addObject();
      texts(json.putArray("verbs"), rule.path("verbs"));
      texts(json.putArray("groups"), rule.path("apiGroups"));
      texts(json.putArray("resources"), rule.path("resources"));
      texts(json.putArray("names"), rule.path("resourceNames"));
      texts(json.putArray("paths"), rule.path("nonResourceURLs"));
    }
    return rules;
  }

  private static void texts(ArrayNode list, JsonNode values) {
    values.forEach(value -> list.add(value.asString("")));
  }
}
