package dev.berth.hardening.input;

import dev.berth.api.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Small damage to what was right: somewhere in a tree, or in the bytes of what is sent.
final class Damage {
  private static final String[] VALUES = {
    "null",
    "true",
    "0",
    "-1",
    "1e300",
    "9223372036854775807",
    "9223372036854775808",
    "2147483648",
    "-2147483649",
    "0.1",
    "\"\"",
    "\" \"",
    "\"A_B\"",
    "\"-\"",
    "\"../..\"",
    "\"/\"",
    "\"a/b\"",
    "\"\\u0000\"",
    "\"\\n\"",
    "\"\\ud83d\\ude00\"",
    "\"1e99999999\"",
    "\"999999999999999999999999Ei\"",
    "\"-1Ki\"",
    "\"0.0000000001\"",
    "\"150%\"",
    "\"-1%\"",
    "\"2026-13-45T99:99:99Z\"",
    "\"+1000000000-12-31T23:59:59Z\"",
    "\"0000-01-01T00:00:00Z\"",
    "\"::1\"",
    "\"256.1.1.1\"",
    "\"$(A)\"",
    "\"(((((\"",
    "[]",
    "[null]",
    "[[]]",
    "[{}]",
    "{}",
    "{\"\":null}",
    "{\"a\":{\"b\":[1,null,{}]}}"
  };
  private static final String[] TEXTS = {
    "[".repeat(200),
    "1e400",
    "NaN",
    "\"a\":1,\"a\":2,",
    "&a [*a,*a]",
    "\r\n---\n",
    "# x",
    "!!x ",
    "\t",
    "\ufeff",
    "\u0000",
    "'",
    ": ",
    "|2",
    "k8s\u0000"
  };
  private static final String[] NAMES = {
    "",
    "unknown",
    "metadata",
    "spec",
    "status",
    "name",
    "namespace",
    "a/b",
    "\u0000",
    "labels",
    "annotations",
    "ownerReferences",
    "finalizers",
    "managedFields",
    "generateName",
    "items",
    "apiVersion",
    "kind",
    "resourceVersion",
    "uid",
    "deletionTimestamp"
  };
  private static final String[] DIRECTIVES = {
    "$patch", "$retainKeys", "$setElementOrder/containers", "$deleteFromPrimitiveList/args", "$x/y"
  };

  /// Each of them would be made: large numbers of pods are no proof of anything here.
  private static final Set<String> COUNTS = Set.of("replicas", "parallelism", "completions");

  private static final int FEW = 3;

  private final Random random;

  Damage(Random random) {
    this.random = random;
  }

  /// One to three changes anywhere below `object`, which is changed in place.
  void tree(ObjectNode object) {
    for (int i = random.nextInt(3); i >= 0; i--) {
      List<JsonNode> containers = new ArrayList<>();
      collect(object, containers);
      switch (containers.get(random.nextInt(containers.size()))) {
        case ObjectNode node -> object(node);
        case ArrayNode node -> array(node);
        default -> throw new IllegalStateException();
      }
    }
    keepSmall(object);
  }

  private static void collect(JsonNode node, List<JsonNode> containers) {
    if (node.isContainer()) {
      containers.add(node);
      node.forEach(child -> collect(child, containers));
    }
  }

  private static void keepSmall(JsonNode node) {
    if (node instanceof ObjectNode object) {
      for (String name : List.copyOf(object.propertyNames())) {
        if (COUNTS.contains(name) && isMany(object.path(name))) {
          object.put(name, FEW);
        }
      }
    }
    node.forEach(Damage::keepSmall);
  }

  static boolean isMany(JsonNode value) {
    return value.isNumber() && value.doubleValue() > FEW && value.doubleValue() <= 1L << 32;
  }

  static boolean isCount(String pointer) {
    return COUNTS.contains(pointer.substring(pointer.lastIndexOf('/') + 1));
  }

  private void object(ObjectNode node) {
    List<String> names = List.copyOf(node.propertyNames());
    String name = names.isEmpty() || random.nextInt(6) == 0 ? one(NAMES) : one(names);
    switch (random.nextInt(6)) {
      case 0 -> node.remove(name);
      case 1 -> node.set(one(NAMES), copy(node.path(name)));
      case 2 -> node.put(name, "x".repeat(1 << random.nextInt(12)));
      case 3 -> node.set(name, Json.array().add(copy(node.path(name))));
      default -> node.set(name, evil());
    }
  }

  static JsonNode copy(JsonNode node) {
    return node.isMissingNode() ? Json.object().nullNode() : node.deepCopy();
  }

  private void array(ArrayNode node) {
    if (node.isEmpty() || random.nextBoolean()) {
      node.add(evil());
    } else if (random.nextBoolean()) {
      node.add(node.path(0).deepCopy());
    } else {
      node.set(random.nextInt(node.size()), evil());
    }
  }

  /// A directive of the strategic merge, which may or may not mean something where it stands.
  void directive(ObjectNode patch) {
    List<JsonNode> containers = new ArrayList<>();
    collect(patch, containers);
    JsonNode at = containers.get(random.nextInt(containers.size()));
    ObjectNode node = at instanceof ObjectNode object ? object : patch;
    String name = one(DIRECTIVES);
    JsonNode value = Json.object().stringNode(one("delete", "replace", "merge", "x"));
    if (!name.equals("$patch") || random.nextInt(4) == 0) {
      value = Json.array().add(one("a", "main", "name")).add(evil());
    }
    node.set(name, value);
  }

  JsonNode evil() {
    return Json.parse(one(VALUES));
  }

  /// Cut short, one byte changed, a piece taken out, or something put in between.
  byte[] bytes(byte[] sent) {
    if (sent.length == 0) {
      return sent;
    }
    int at = random.nextInt(sent.length);
    return switch (random.nextInt(5)) {
      case 0 -> Arrays.copyOf(sent, at);
      case 1 -> inserted(sent, at, one(TEXTS).getBytes(StandardCharsets.UTF_8));
      case 2 -> inserted(sent, at, new byte[] {(byte) random.nextInt(256)});
      case 3 -> without(sent, at, Math.min(sent.length, at + 1 + random.nextInt(8)));
      default -> {
        byte[] changed = sent.clone();
        changed[at] = (byte) random.nextInt(256);
        yield changed;
      }
    };
  }

  private static byte[] inserted(byte[] sent, int at, byte[] more) {
    byte[] longer = Arrays.copyOf(sent, sent.length + more.length);
    System.arraycopy(sent, at, longer, at + more.length, sent.length - at);
    System.arraycopy(more, 0, longer, at, more.length);
    return longer;
  }

  private static byte[] without(byte[] sent, int from, int to) {
    byte[] shorter = Arrays.copyOf(sent, sent.length - (to - from));
    System.arraycopy(sent, to, shorter, from, sent.length - to);
    return shorter;
  }

  String one(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  <T> T one(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
