package dev.berth.api.schema;

import dev.berth.api.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// JSON patch, RFC 6902. Neither argument is changed; a patch that fails changes nothing. A patch
/// that is not one is malformed (400); one that does not fit the object, a failed `test` included,
/// is unprocessable (422).
public final class JsonPatch {
  public static final int MAX_OPERATIONS = 10_000;

  /// Copies can double a document; what they may add in all.
  private static final int MAX_COPIED = 3 << 20;

  private JsonNode document;
  private int copied;

  private JsonPatch(JsonNode document) {
    this.document = document;
  }

  public static JsonNode apply(JsonNode base, JsonNode patch) {
    if (!patch.isArray()) {
      throw PatchException.malformed("a JSON patch is a list of operations");
    }
    if (patch.size() > MAX_OPERATIONS) {
      throw PatchException.malformed(
          "a JSON patch may have " + MAX_OPERATIONS + " operations, this has " + patch.size());
    }
    JsonPatch run = new JsonPatch(base.deepCopy());
    for (JsonNode operation : patch) {
      run.perform(operation);
    }
    return run.document;
  }

  private void perform(JsonNode operation) {
    List<String> path = pointer(operation, "path");
    switch (Json.text(operation, "op")) {
      case "add" -> add(path, value(operation).deepCopy());
      case "remove" -> remove(path);
      case "replace" -> replace(path, value(operation).deepCopy());
      case "move" -> move(pointer(operation, "from"), path);
      case "copy" -> add(path, copy(pointer(operation, "from")));
      case "test" -> test(path, value(operation));
      default ->
          throw PatchException.malformed(
              "unknown operation \"" + Json.text(operation, "op") + "\"");
    }
  }

  private static JsonNode value(JsonNode operation) {
    JsonNode value = operation.get("value");
    if (value == null) {
      throw PatchException.malformed("operation without a value: " + Json.text(operation, "op"));
    }
    return value;
  }

  private static List<String> pointer(JsonNode operation, String field) {
    JsonNode text = operation.path(field);
    if (!text.isString()
        || (!text.stringValue().isEmpty() && !text.stringValue().startsWith("/"))) {
      throw PatchException.malformed("\"" + field + "\" must be a JSON pointer");
    }
    List<String> names = new ArrayList<>();
    String[] parts = text.stringValue().split("/", -1);
    for (int i = 1; i < parts.length; i++) {
      names.add(parts[i].replace("~1", "/").replace("~0", "~"));
    }
    return names;
  }

  private JsonNode find(List<String> path) {
    JsonNode here = document;
    for (String name : path) {
      JsonNode next = child(here, name);
      if (next == null) {
        throw missing(path);
      }
      here = next;
    }
    return here;
  }

  private static @Nullable JsonNode child(JsonNode parent, String name) {
    return parent instanceof ArrayNode array
        ? array.get(index(array, name, array.size() - 1))
        : parent.get(name);
  }

  private static PatchException missing(List<String> path) {
    return PatchException.doesNotFit("there is nothing at /" + String.join("/", path));
  }

  private static int index(ArrayNode array, String name, int most) {
    boolean digits =
        !name.isEmpty() && name.length() < 10 && name.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!digits || (name.length() > 1 && name.startsWith("0"))) {
      throw PatchException.doesNotFit("\"" + name + "\" is not an index of a list");
    }
    int index = Integer.parseInt(name);
    if (index > most) {
      throw PatchException.doesNotFit("index " + index + " is outside a list of " + array.size());
    }
    return index;
  }

  private void add(List<String> path, JsonNode value) {
    if (path.isEmpty()) {
      document = value;
      return;
    }
    String last = path.getLast();
    switch (find(path.subList(0, path.size() - 1))) {
      case ObjectNode object -> object.set(last, value);
      case ArrayNode array when last.equals("-") -> array.add(value);
      case ArrayNode array -> array.insert(index(array, last, array.size()), value);
      default -> throw missing(path);
    }
  }

  private JsonNode remove(List<String> path) {
    if (path.isEmpty()) {
      throw PatchException.doesNotFit("the whole object cannot be removed");
    }
    String last = path.getLast();
    JsonNode parent = find(path.subList(0, path.size() - 1));
    JsonNode removed =
        switch (parent) {
          case ObjectNode object -> object.remove(last);
          case ArrayNode array -> array.remove(index(array, last, array.size() - 1));
          default -> null;
        };
    if (removed == null) {
      throw missing(path);
    }
    return removed;
  }

  private void replace(List<String> path, JsonNode value) {
    if (path.isEmpty()) {
      document = value;
      return;
    }
    find(path);
    String last = path.getLast();
    switch (find(path.subList(0, path.size() - 1))) {
      case ObjectNode object -> object.set(last, value);
      case ArrayNode array -> array.set(index(array, last, array.size() - 1), value);
      default -> throw missing(path);
    }
  }

  private void move(List<String> from, List<String> to) {
    if (to.size() > from.size() && to.subList(0, from.size()).equals(from)) {
      throw PatchException.doesNotFit("a value cannot be moved into itself");
    }
    if (from.equals(to)) {
      find(from);
      return;
    }
    add(to, remove(from));
  }

  private JsonNode copy(List<String> from) {
    JsonNode value = find(from).deepCopy();
    copied += Json.bytes(value).length;
    if (copied > MAX_COPIED) {
      throw PatchException.doesNotFit("the patch copies more than " + MAX_COPIED + " bytes");
    }
    return value;
  }

  private void test(List<String> path, JsonNode expected) {
    if (!find(path).equals(NUMBERS_BY_VALUE, expected)) {
      throw PatchException.doesNotFit(
          "test failed: /" + String.join("/", path) + " is another value");
    }
  }

  /// RFC 6902 compares numbers by value: 1 is 1.0.
  private static final java.util.Comparator<JsonNode> NUMBERS_BY_VALUE =
      (a, b) -> {
        if (a.isNumber() && b.isNumber()) {
          return a.decimalValue().compareTo(b.decimalValue());
        }
        return a.equals(b) ? 0 : 1;
      };
}
