package dev.berth.cli.diff;

import dev.berth.api.Json;
import dev.berth.cli.term.YamlWriter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// An object as it is, and as it would be: the lines that differ.
public final class Compared {
  /// What only the server writes, and what `apply` remembers for itself.
  private static final List<String> OWN =
      List.of("managedFields", "resourceVersion", "generation", "uid", "creationTimestamp");

  private static final List<String> MEMORY =
      List.of(
          "berth.dev/last-applied",
          "berth.dev/previous-applied",
          "kubectl.kubernetes.io/last-applied-configuration");

  private Compared() {}

  /// The hunks of a unified diff; none where nothing would change.
  ///
  /// @param live nothing for an object that would be created
  public static List<String> lines(Optional<ObjectNode> live, ObjectNode merged) {
    ObjectNode before = live.map(Compared::clean).orElseGet(Json::object);
    ObjectNode after = clean(merged);
    if (Json.text(merged, "kind").equals("Secret")) {
      mask(before, after, "data");
      mask(before, after, "stringData");
    }
    return UnifiedDiff.of(yaml(before), yaml(after));
  }

  private static ObjectNode clean(ObjectNode object) {
    ObjectNode copy = object.deepCopy();
    copy.remove("status");
    if (copy.path("metadata") instanceof ObjectNode meta) {
      meta.remove(OWN);
      if (meta.path("annotations") instanceof ObjectNode annotations) {
        annotations.remove(MEMORY);
        if (annotations.isEmpty()) {
          meta.remove("annotations");
        }
      }
    }
    return copy;
  }

  /// As kubectl does it: that a value differs is told, the value is not.
  private static void mask(ObjectNode before, ObjectNode after, String field) {
    Set<String> keys = new TreeSet<>(before.path(field).propertyNames());
    keys.addAll(after.path(field).propertyNames());
    for (String key : keys) {
      JsonNode old = before.path(field).path(key);
      JsonNode fresh = after.path(field).path(key);
      boolean changed = !old.isMissingNode() && !fresh.isMissingNode() && !old.equals(fresh);
      put(before, field, key, changed ? "*** (before)" : "***");
      put(after, field, key, changed ? "*** (after)" : "***");
    }
  }

  private static void put(ObjectNode object, String field, String key, String text) {
    if (object.path(field) instanceof ObjectNode values && values.has(key)) {
      values.put(key, text);
    }
  }

  private static List<String> yaml(ObjectNode object) {
    return object.isEmpty() ? List.of() : YamlWriter.write(object).lines().toList();
  }
}
