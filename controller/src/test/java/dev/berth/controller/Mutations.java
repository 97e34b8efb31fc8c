package dev.berth.controller;

import dev.berth.api.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Small damage to what was right: somewhere in a tree, or in the bytes of its text.
final class Mutations {
  private static final String[] VALUES = {
    "null",
    "true",
    "0",
    "-1",
    "1e300",
    "9223372036854775808",
    "2147483648",
    "0.1",
    "\"\"",
    "\" \"",
    "\"A_B\"",
    "\"-\"",
    "\"../..\"",
    "\"a/b\"",
    "\"\\u0000\"",
    "\"\\ud83d\\ude00\"",
    "\"\\ud83d\"",
    "\"1e99999999\"",
    "\"999999999999999999999999Ei\"",
    "\"-1Ki\"",
    "\"2026-13-45T99:99:99Z\"",
    "\"+1000000000-12-31T23:59:59Z\"",
    "[]",
    "[null]",
    "[[]]",
    "{}",
    "{\"\":null}",
    "{\"a\":{\"b\":[1,null,{}]}}"
  };
  private static final String[] TEXTS = {
    "[".repeat(200), "1e400", "NaN", "\"a\":1,\"a\":2,", "&a [*a,*a]", "\r\n---\n", "# x", "!!x "
  };
  private static final String[] NAMES = {
    "", "unknown", "metadata", "spec", "status", "$patch", "$retainKeys", "a/b", "\u0000", "name"
  };

  private final Random random;

  Mutations(Random random) {
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
  }

  private static void collect(JsonNode node, List<JsonNode> containers) {
    if (node.isContainer()) {
      containers.add(node);
      node.forEach(child -> collect(child, containers));
    }
  }

  private void object(ObjectNode node) {
    List<String> names = List.copyOf(node.propertyNames());
    String name = names.isEmpty() || random.nextInt(5) == 0 ? one(NAMES) : one(names);
    switch (random.nextInt(5)) {
      case 0 -> node.remove(name);
      case 1 -> node.set(one(NAMES), node.path(name).deepCopy());
      case 2 -> node.put(name, "x".repeat(1 << random.nextInt(12)));
      default -> node.set(name, evil());
    }
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

  private JsonNode evil() {
    return Json.mapper().readTree(one(VALUES));
  }

  /// Cut short, one byte changed, or something put in between.
  byte[] bytes(byte[] text) {
    if (text.length == 0) {
      return text;
    }
    int at = random.nextInt(text.length);
    return switch (random.nextInt(4)) {
      case 0 -> Arrays.copyOf(text, at);
      case 1 -> inserted(text, at, one(TEXTS).getBytes(StandardCharsets.UTF_8));
      case 2 -> inserted(text, at, new byte[] {(byte) random.nextInt(256)});
      default -> {
        byte[] changed = text.clone();
        changed[at] = (byte) random.nextInt(256);
        yield changed;
      }
    };
  }

  private static byte[] inserted(byte[] text, int at, byte[] more) {
    byte[] longer = Arrays.copyOf(text, text.length + more.length);
    System.arraycopy(text, at, longer, at + more.length, text.length - at);
    System.arraycopy(more, 0, longer, at, more.length);
    return longer;
  }

  String one(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private String one(List<String> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
