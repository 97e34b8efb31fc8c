package dev.berth.api.schema;

import dev.berth.api.Json;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Trees for property tests, all from one seed.
final class RandomTrees {
  private RandomTrees() {}

  static JsonNode any(RandomGenerator random, int depth) {
    return switch (random.nextInt(depth <= 0 ? 4 : 6)) {
      case 0 -> Json.mapper().getNodeFactory().numberNode(random.nextInt(5));
      case 1 -> Json.mapper().getNodeFactory().stringNode("s" + random.nextInt(5));
      case 2 -> Json.mapper().getNodeFactory().booleanNode(random.nextBoolean());
      case 3 -> Json.mapper().getNodeFactory().nullNode();
      case 4 -> list(random, depth);
      default -> object(random, depth);
    };
  }

  private static ArrayNode list(RandomGenerator random, int depth) {
    ArrayNode list = Json.array();
    for (int i = random.nextInt(4); i > 0; i--) {
      list.add(any(random, depth - 1));
    }
    return list;
  }

  static ObjectNode object(RandomGenerator random, int depth) {
    ObjectNode object = Json.object();
    for (int i = random.nextInt(4); i > 0; i--) {
      object.set(name(random), any(random, depth - 1));
    }
    return object;
  }

  private static String name(RandomGenerator random) {
    return switch (random.nextInt(6)) {
      case 0 -> "a/b";
      case 1 -> "c~d";
      case 2 -> "";
      default -> "k" + random.nextInt(4);
    };
  }

  /// A pod-shaped tree whose lists have unique keys; no nulls.
  static ObjectNode pod(RandomGenerator random) {
    ObjectNode pod = Json.object();
    ObjectNode metadata = pod.putObject("metadata");
    ObjectNode labels = metadata.putObject("labels");
    for (int i = random.nextInt(3); i > 0; i--) {
      labels.put("l" + random.nextInt(4), "v" + random.nextInt(3));
    }
    ArrayNode finalizers = metadata.putArray("finalizers");
    for (int i = 0; i < 4; i++) {
      if (random.nextBoolean()) {
        finalizers.add("f" + i);
      }
    }
    ArrayNode containers = pod.putObject("spec").putArray("containers");
    for (int i = 0; i < 4; i++) {
      if (random.nextBoolean()) {
        container(containers.addObject().put("name", "c" + i), random);
      }
    }
    return pod;
  }

  private static void container(ObjectNode container, RandomGenerator random) {
    container.put("image", "i" + random.nextInt(3));
    ArrayNode env = container.putArray("env");
    for (int i = 0; i < 3; i++) {
      if (random.nextBoolean()) {
        env.addObject().put("name", "E" + i).put("value", "v" + random.nextInt(3));
      }
    }
    ArrayNode args = container.putArray("args");
    for (int i = random.nextInt(3); i > 0; i--) {
      args.add("a" + random.nextInt(3));
    }
  }
}
