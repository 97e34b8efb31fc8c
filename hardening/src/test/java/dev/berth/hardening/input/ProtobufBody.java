package dev.berth.hardening.input;

import dev.berth.api.Json;
import dev.berth.api.Times;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Objects as Go clients send them, along the product's table of messages: whether the table is
/// right is judged elsewhere, here it only has to lead everywhere. What a field cannot hold is sent
/// as the nearest thing that it can.
final class ProtobufBody {
  static final String MEDIA_TYPE = "application/vnd.kubernetes.protobuf";

  private static final String TABLE = "/dev/berth/api/codec/protobuf-fields.tsv";
  private static final Set<String> META = Set.of("DeleteOptions", "Status");
  private static final int VARINT = 0;
  private static final int FIXED_64 = 1;
  private static final int LENGTH = 2;
  private static final int FIXED_32 = 5;

  private record Field(int number, String name, String type) {}

  private final Map<String, List<Field>> messages = new HashMap<>();

  ProtobufBody() throws IOException {
    try (InputStream in = Json.class.getResourceAsStream(TABLE)) {
      String text =
          new String(Objects.requireNonNull(in, TABLE).readAllBytes(), StandardCharsets.UTF_8);
      text.lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split("\t", -1))
          .forEach(
              row ->
                  messages
                      .computeIfAbsent(row[0], _ -> new ArrayList<>())
                      .add(new Field(Integer.parseInt(row[1]), row[2], row[3].replace("*", ""))));
    }
  }

  /// Empty where the kind has no message: a custom kind, or one of ours.
  Optional<byte[]> of(ObjectNode object, String apiVersion, String kind) {
    String name = message(apiVersion, kind);
    if (!messages.containsKey(name)) {
      return Optional.empty();
    }
    ByteArrayOutputStream type = new ByteArrayOutputStream();
    bytes(type, 1, text(apiVersion));
    bytes(type, 2, text(kind));
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(text("k8s\0"));
    bytes(body, 1, type.toByteArray());
    bytes(body, 2, message(name, object));
    return Optional.of(body.toByteArray());
  }

  private static String message(String apiVersion, String kind) {
    if (META.contains(kind)) {
      return "meta.v1." + kind;
    }
    int slash = apiVersion.indexOf('/');
    String group = slash < 0 ? "core" : apiVersion.substring(0, slash).replaceFirst("\\..*", "");
    return group + "." + apiVersion.substring(slash + 1) + "." + kind;
  }

  private byte[] message(String name, JsonNode json) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Field field : messages.getOrDefault(name, List.of())) {
      JsonNode value = json.path(field.name());
      if (field.type().startsWith("^")) {
        bytes(out, field.number(), message(field.type().substring(1), json));
      } else if (field.type().startsWith("[]")) {
        value.forEach(e -> value(out, field.number(), field.type().substring(2), e));
      } else if (field.type().startsWith("{}")) {
        value.properties().forEach(e -> entry(out, field, e));
      } else if (!value.isMissingNode() && !value.isNull()) {
        value(out, field.number(), field.type(), value);
      }
    }
    return out.toByteArray();
  }

  private void entry(ByteArrayOutputStream out, Field field, Map.Entry<String, JsonNode> entry) {
    ByteArrayOutputStream inner = new ByteArrayOutputStream();
    bytes(inner, 1, text(entry.getKey()));
    value(inner, 2, field.type().substring(2), entry.getValue());
    bytes(out, field.number(), inner.toByteArray());
  }

  private void value(ByteArrayOutputStream out, int number, String type, JsonNode json) {
    switch (type) {
      case "string" -> bytes(out, number, text(json.asString(json.toString())));
      case "int32", "int64" -> varint(out, number, json.asLong(-1));
      case "bool" -> varint(out, number, json.asBoolean(true) ? 1 : 0);
      case "double" -> fixed(out, number, FIXED_64, 8, Double.doubleToLongBits(json.asDouble(-1)));
      case "float" ->
          fixed(out, number, FIXED_32, 4, Float.floatToIntBits((float) json.asDouble(-1)));
      case "bytes" -> bytes(out, number, base64(json.asString("")));
      default -> bytes(out, number, nested(type, json));
    }
  }

  private byte[] nested(String type, JsonNode json) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    switch (type) {
      case "time", "micro-time" -> {
        Instant time = Times.parse(json.asString("")).orElse(Instant.EPOCH);
        varint(out, 1, time.getEpochSecond());
        varint(out, 2, time.getNano());
      }
      case "quantity" -> bytes(out, 1, text(json.asString("")));
      case "int-or-string" -> {
        varint(out, 1, json.isString() ? 1 : 0);
        varint(out, 2, json.asLong(0));
        bytes(out, 3, text(json.asString("")));
      }
      case "raw" -> bytes(out, 1, Json.bytes(json));
      case "items" -> json.forEach(e -> bytes(out, 1, text(e.asString(""))));
      case "schema-or-array", "schema-or-strings" -> bytes(out, 1, schema(json));
      case "schema-or-bool" -> {
        varint(out, 1, json.asBoolean(true) ? 1 : 0);
        bytes(out, 2, schema(json));
      }
      default -> out.writeBytes(message(type, json));
    }
    return out.toByteArray();
  }

  private byte[] schema(JsonNode json) {
    return message("apiextensions.v1.JSONSchemaProps", json);
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] base64(String text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return text(text);
    }
  }

  private static void bytes(ByteArrayOutputStream out, int number, byte[] value) {
    plain(out, ((long) number << 3) | LENGTH);
    plain(out, value.length);
    out.writeBytes(value);
  }

  private static void varint(ByteArrayOutputStream out, int number, long value) {
    plain(out, ((long) number << 3) | VARINT);
    plain(out, value);
  }

  private static void fixed(ByteArrayOutputStream out, int number, int wire, int size, long bits) {
    plain(out, ((long) number << 3) | wire);
    byte[] little = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(bits).array();
    out.write(little, 0, size);
  }

  private static void plain(ByteArrayOutputStream out, long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}
