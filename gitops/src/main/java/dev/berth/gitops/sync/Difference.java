package dev.berth.gitops.sync;

import dev.berth.api.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What applying would change: the object now against the answer of a dry run. Pure.
public final class Difference {
  private static final int MOST = 20;
  private static final int LONGEST = 200;
  private static final List<String> OWN =
      List.of("managedFields", "resourceVersion", "generation", "uid", "creationTimestamp");

  /// One field.
  ///
  /// @param from empty where nothing was there
  /// @param to empty where nothing remains
  public record Change(String path, String from, String to) {}

  private Difference() {}

  /// The object without what the server writes.
  static ObjectNode content(ObjectNode object) {
    ObjectNode content = Json.deepCopy(object);
    content.remove("status");
    Json.meta(content).remove(OWN);
    return content;
  }

  /// At most twenty changes; the values of a Secret are never told.
  static List<Change> between(ObjectNode before, ObjectNode after) {
    List<Change> changes = new ArrayList<>();
    boolean hidden = Json.text(after, "kind").equals("Secret");
    walk("", content(before), content(after), hidden, changes);
    return changes;
  }

  private static void walk(
      String path,
      @Nullable JsonNode before,
      @Nullable JsonNode after,
      boolean hidden,
      List<Change> changes) {
    if (java.util.Objects.equals(before, after) || changes.size() >= MOST) {
      return;
    }
    if (before instanceof ObjectNode old && after instanceof ObjectNode changed) {
      Set<String> names = new TreeSet<>(old.propertyNames());
      names.addAll(changed.propertyNames());
      for (String name : names) {
        walk(join(path, name), old.get(name), changed.get(name), hidden, changes);
      }
    } else if (before != null
        && after != null
        && before.isArray()
        && after.isArray()
        && before.size() == after.size()) {
      for (int i = 0; i < before.size(); i++) {
        walk(path + "[" + i + "]", before.get(i), after.get(i), hidden, changes);
      }
    } else {
      boolean secret = hidden && !path.startsWith("metadata");
      changes.add(new Change(path, words(before, secret), words(after, secret)));
    }
  }

  private static String join(String path, String name) {
    String quoted = name.contains(".") || name.contains("/") ? "[" + name + "]" : name;
    return path.isEmpty() || quoted.startsWith("[") ? path + quoted : path + "." + quoted;
  }

  private static String words(@Nullable JsonNode value, boolean secret) {
    if (value == null) {
      return "";
    }
    if (secret) {
      return "***";
    }
    String text = value.isString() ? value.stringValue() : Json.string(value);
    return text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
  }
}
