package dev.berth.hardening.input;

import dev.berth.api.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The three forms in which an object is sent, each sometimes damaged in its bytes.
final class Bodies {
  private static final String JSON = "application/json";
  private static final String YAML = "application/yaml";

  static final List<String> TYPES =
      List.of(JSON, JSON, YAML, ProtobufBody.MEDIA_TYPE, ProtobufBody.MEDIA_TYPE);

  private final Random random;
  private final Damage damage;
  private final ProtobufBody protobuf = new ProtobufBody();

  Bodies(Random random, Damage damage) throws IOException {
    this.random = random;
    this.damage = damage;
  }

  String type() {
    return damage.one(TYPES);
  }

  byte[] of(ObjectNode object, String contentType) {
    return switch (contentType) {
      case YAML -> yaml(object);
      case ProtobufBody.MEDIA_TYPE ->
          protobuf
              .of(object, Json.text(object, "apiVersion"), Json.text(object, "kind"))
              .orElseGet(() -> Json.bytes(object));
      default -> Json.bytes(object);
    };
  }

  static byte[] yaml(JsonNode tree) {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    Object plain = Json.mapper().treeToValue(tree, Object.class);
    return new Yaml(options).dump(plain).getBytes(StandardCharsets.UTF_8);
  }

  byte[] maybeDamaged(byte[] body) {
    return random.nextInt(6) == 0 ? damage.bytes(body) : body;
  }
}
