package dev.berth.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads and writes `status.conditions` in a tree. The time of a transition is kept while the
/// status stays the same.
public final class Conditions {
  private Conditions() {}

  public static List<Condition> all(JsonNode object) {
    List<Condition> conditions = new ArrayList<>();
    for (JsonNode node : Json.at(object, "status", "conditions")) {
      conditions.add(Condition.read(node));
    }
    return conditions;
  }

  public static Optional<Condition> find(JsonNode object, String type) {
    return all(object).stream().filter(condition -> condition.type().equals(type)).findFirst();
  }

  public static boolean isTrue(JsonNode object, String type) {
    return find(object, type).map(Condition::isTrue).orElse(false);
  }

  /// Sets the condition in `object.status.conditions` and tells whether anything changed.
  public static boolean set(ObjectNode object, Condition wanted) {
    ObjectNode status = Json.ensure(object, "status");
    ArrayNode list =
        status.get("conditions") instanceof ArrayNode present
            ? present
            : status.putArray("conditions");
    for (JsonNode node : list) {
      if (Json.text(node, "type").equals(wanted.type())) {
        return update((ObjectNode) node, wanted);
      }
    }
    wanted.write(list.addObject());
    return true;
  }

  private static boolean update(ObjectNode node, Condition wanted) {
    Condition old = Condition.read(node);
    Condition next =
        old.status().equals(wanted.status())
            ? new Condition(
                wanted.type(),
                wanted.status(),
                wanted.reason(),
                wanted.message(),
                old.lastTransitionTime(),
                wanted.observedGeneration())
            : wanted;
    boolean changed = !next.equals(old);
    if (changed) {
      next.write(node);
    }
    return changed;
  }

  public static boolean remove(ObjectNode object, String type) {
    if (!(Json.at(object, "status", "conditions") instanceof ArrayNode list)) {
      return false;
    }
    for (int i = 0; i < list.size(); i++) {
      if (Json.text(list.path(i), "type").equals(type)) {
        list.remove(i);
        return true;
      }
    }
    return false;
  }
}
