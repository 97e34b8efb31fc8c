package dev.berth.api.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import dev.berth.api.Json;
import dev.berth.api.Times;
import io.kubernetes.client.proto.Runtime;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// What a Go client does with an object: protobuf-java encodes it along the published descriptors,
/// without our table.
final class ProtobufEncoder {
  private ProtobufEncoder() {}

  static byte[] body(JsonNode object) {
    String kind = Json.text(object, "kind");
    String apiVersion = Json.text(object, "apiVersion");
    int slash = apiVersion.indexOf('/');
    String group = slash < 0 ? "core" : apiVersion.substring(0, slash).replaceFirst("\\..*", "");
    String name = group + "." + apiVersion.substring(slash + 1) + "." + kind;
    Descriptor type =
        ProtobufRoots.all().stream()
            .filter(root -> isCalled(root, name, kind))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no message for " + name));
    return body(apiVersion, kind, message(object, type));
  }

  private static boolean isCalled(Descriptor root, String name, String kind) {
    String found = ProtobufRoots.shortName(root);
    return found.equals(name) || found.equals("meta.v1." + kind);
  }

  static byte[] body(String apiVersion, String kind, Message raw) {
    Runtime.Unknown unknown =
        Runtime.Unknown.newBuilder()
            .setTypeMeta(Runtime.TypeMeta.newBuilder().setApiVersion(apiVersion).setKind(kind))
            .setRaw(raw.toByteString())
            .build();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(new byte[] {'k', '8', 's', 0});
    body.writeBytes(unknown.toByteArray());
    return body.toByteArray();
  }

  private static DynamicMessage message(JsonNode json, Descriptor type) {
    DynamicMessage.Builder builder = DynamicMessage.newBuilder(type);
    for (FieldDescriptor field : type.getFields()) {
      JsonNode value = json.path(ProtobufRoots.jsonName(field));
      if (field.isMapField()) {
        value.properties().forEach(entry -> builder.addRepeatedField(field, entry(entry, field)));
      } else if (field.isRepeated()) {
        value.forEach(element -> builder.addRepeatedField(field, value(element, field)));
      } else if (!value.isMissingNode() && !value.isNull()) {
        builder.setField(field, value(value, field));
      } else if (isInline(type, field)) {
        builder.setField(field, message(json, field.getMessageType()));
      }
    }
    return builder.build();
  }

  private static boolean isInline(Descriptor type, FieldDescriptor field) {
    return ProtobufTableTest.INLINE.contains(ProtobufRoots.shortName(type) + " " + field.getName());
  }

  private static DynamicMessage entry(Map.Entry<String, JsonNode> entry, FieldDescriptor field) {
    Descriptor type = field.getMessageType();
    FieldDescriptor value = type.findFieldByNumber(2);
    return DynamicMessage.newBuilder(type)
        .setField(type.findFieldByNumber(1), entry.getKey())
        .setField(value, value(entry.getValue(), value))
        .build();
  }

  private static Object value(JsonNode json, FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case STRING -> json.stringValue();
      case BOOLEAN -> json.booleanValue();
      case INT -> json.intValue();
      case LONG -> json.longValue();
      case DOUBLE -> json.doubleValue();
      case BYTE_STRING -> ByteString.copyFrom(Base64.getDecoder().decode(json.stringValue()));
      case MESSAGE -> special(json, field.getMessageType());
      default -> throw new AssertionError(field.getFullName());
    };
  }

  private static DynamicMessage special(JsonNode json, Descriptor type) {
    DynamicMessage.Builder builder = DynamicMessage.newBuilder(type);
    FieldDescriptor first = type.findFieldByNumber(1);
    switch (type.getName()) {
      case "Quantity" -> builder.setField(first, json.asString());
      case "Time", "MicroTime" -> {
        Instant time = Times.parse(json.stringValue()).orElseThrow();
        builder.setField(first, time.getEpochSecond());
        builder.setField(type.findFieldByNumber(2), time.getNano());
      }
      case "IntOrString" -> {
        builder.setField(first, json.isString() ? 1L : 0L);
        builder.setField(type.findFieldByNumber(2), json.isString() ? 0 : json.intValue());
        builder.setField(type.findFieldByNumber(3), json.isString() ? json.stringValue() : "");
      }
      case "RawExtension", "FieldsV1", "JSON" ->
          builder.setField(first, ByteString.copyFrom(Json.bytes(json)));
      case "ExtraValue" ->
          json.forEach(element -> builder.addRepeatedField(first, element.stringValue()));
      default -> {
        return message(json, type);
      }
    }
    return builder.build();
  }
}
