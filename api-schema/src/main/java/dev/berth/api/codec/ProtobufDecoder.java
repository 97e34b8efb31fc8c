package dev.berth.api.codec;

import dev.berth.api.Json;
import dev.berth.api.Times;
import dev.berth.api.codec.ProtobufTable.Field;
import dev.berth.api.codec.ProtobufTable.Message;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// One message to its JSON tree. Depth is counted in the tree that comes out, so that what is
/// decoded here can be read again as JSON. One decoder per body: it counts the values.
final class ProtobufDecoder {
  private static final int MAX_VALUES = 500_000;
  private static final JsonNodeFactory NODES = Json.mapper().getNodeFactory();

  private int values;

  /// Reads a message into an object that may already have fields, as protobuf merges a message that
  /// comes in two parts.
  void fields(WireReader wire, Message message, ObjectNode into, int depth) {
    if (depth > Json.MAX_DEPTH) {
      throw tooDeep();
    }
    while (!wire.atEnd()) {
      int tag = wire.tag();
      Field field = message.fields().get(tag >>> 3);
      if (field == null) {
        wire.skip(tag);
      } else {
        field(wire, tag & 7, field, into, depth);
      }
    }
  }

  private void field(WireReader wire, int wireType, Field field, ObjectNode into, int depth) {
    count();
    switch (field.shape()) {
      case ONE -> one(wire, wireType, field, into, depth);
      case LIST -> list(wire, wireType, field, into, depth);
      case MAP -> {
        expect(WireReader.LENGTH, wireType, field);
        entry(wire.message(), field, Json.ensure(into, field.name()), depth + 2);
      }
      case INLINE -> {
        expect(WireReader.LENGTH, wireType, field);
        fields(wire.message(), ProtobufTable.message(field.type()), into, depth);
      }
    }
  }

  private void one(WireReader wire, int wireType, Field field, ObjectNode into, int depth) {
    if (isMessage(field.type()) && into.get(field.name()) instanceof ObjectNode present) {
      expect(WireReader.LENGTH, wireType, field);
      fields(wire.message(), ProtobufTable.message(field.type()), present, depth + 1);
      return;
    }
    JsonNode value = value(wire, wireType, field, depth + 1);
    if (value.isMissingNode() || (!field.keepsZero() && isZero(value, field))) {
      into.remove(field.name());
    } else {
      into.set(field.name(), value);
    }
  }

  /// What Go's `omitempty` leaves out: plain zeros. A quantity or an int-or-string is a struct
  /// there and never left out.
  private static boolean isZero(JsonNode value, Field field) {
    return switch (field.type()) {
      case "string", "bytes" -> value.stringValue().isEmpty();
      case "bool" -> !value.booleanValue();
      case "int32", "int64", "double", "float" -> value.doubleValue() == 0;
      default -> false;
    };
  }

  /// Numbers may be packed into one length-delimited value.
  private void list(WireReader wire, int wireType, Field field, ObjectNode into, int depth) {
    ArrayNode list =
        into.get(field.name()) instanceof ArrayNode present ? present : into.putArray(field.name());
    int elementType = wireType(field.type());
    if (wireType == WireReader.LENGTH && elementType != WireReader.LENGTH) {
      WireReader packed = wire.message();
      while (!packed.atEnd()) {
        count();
        list.add(value(packed, elementType, field, depth + 2));
      }
    } else {
      JsonNode value = value(wire, wireType, field, depth + 2);
      list.add(value.isMissingNode() ? NODES.nullNode() : value);
    }
  }

  private void entry(WireReader wire, Field field, ObjectNode map, int depth) {
    String key = "";
    JsonNode value = NODES.missingNode();
    while (!wire.atEnd()) {
      int tag = wire.tag();
      switch (tag >>> 3) {
        case 1 -> {
          expect(WireReader.LENGTH, tag & 7, field);
          key = wire.text();
        }
        case 2 -> value = value(wire, tag & 7, field, depth);
        default -> wire.skip(tag);
      }
    }
    map.set(key, value.isMissingNode() ? absent(field, depth) : value);
  }

  /// The value of a map entry that has none: the type's zero.
  private JsonNode absent(Field field, int depth) {
    WireReader nothing = new WireReader(new byte[] {0}, 0, 1);
    JsonNode zero =
        wireType(field.type()) == WireReader.LENGTH
            ? value(nothing, WireReader.LENGTH, field, depth)
            : NODES.numberNode(0);
    return zero.isMissingNode() ? NODES.nullNode() : zero;
  }

  /// Missing for what is absent in JSON: a zero time, raw bytes without a byte.
  private JsonNode value(WireReader wire, int wireType, Field field, int depth) {
    expect(wireType(field.type()), wireType, field);
    return switch (field.type()) {
      case "string" -> NODES.stringNode(wire.text());
      case "bool" -> NODES.booleanNode(wire.varint() != 0);
      case "int32" -> NODES.numberNode((int) wire.varint());
      case "int64" -> NODES.numberNode(wire.varint());
      case "double" -> finite(Double.longBitsToDouble(wire.fixed64()), field);
      case "float" -> finite(Float.intBitsToFloat(wire.fixed32()), field);
      case "bytes" -> NODES.stringNode(Base64.getEncoder().encodeToString(wire.content()));
      case "time" -> time(wire.message(), field, false);
      case "micro-time" -> time(wire.message(), field, true);
      case "quantity" -> quantity(wire.message());
      case "int-or-string" -> intOrString(wire.message(), field);
      case "raw" -> raw(wire.message(), field, depth);
      case "items" -> items(wire.message());
      case "schema-or-array", "schema-or-bool", "schema-or-strings" ->
          union(wire.message(), field, depth);
      default -> message(wire.message(), field.type(), depth);
    };
  }

  private ObjectNode message(WireReader wire, String type, int depth) {
    ObjectNode object = Json.object();
    fields(wire, ProtobufTable.message(type), object, depth);
    return object;
  }

  private static JsonNode finite(double value, Field field) {
    if (!Double.isFinite(value)) {
      throw Protobuf.refused(field.name() + " is not a finite number");
    }
    return NODES.numberNode(value);
  }

  /// Only `MicroTime` keeps parts of a second, as in Kubernetes.
  private static JsonNode time(WireReader wire, Field field, boolean micro) {
    if (wire.atEnd()) {
      return NODES.missingNode();
    }
    long seconds = 0;
    long nanos = 0;
    while (!wire.atEnd()) {
      int tag = wire.tag();
      switch (tag) {
        case 1 << 3 | WireReader.VARINT -> seconds = wire.varint();
        case 2 << 3 | WireReader.VARINT -> nanos = wire.varint();
        default -> wire.skip(tag);
      }
    }
    try {
      Instant time = Instant.ofEpochSecond(seconds, micro ? nanos : 0);
      int year = time.atOffset(ZoneOffset.UTC).getYear();
      if (year < 1 || year > 9999) {
        throw Protobuf.refused(field.name() + " is in the year " + year);
      }
      return NODES.stringNode(micro ? Times.formatMicro(time) : Times.format(time));
    } catch (DateTimeException | ArithmeticException e) {
      throw Protobuf.refused(field.name() + " is not a time: " + e.getMessage());
    }
  }

  private static JsonNode quantity(WireReader wire) {
    String text = "";
    while (!wire.atEnd()) {
      int tag = wire.tag();
      if (tag == (1 << 3 | WireReader.LENGTH)) {
        text = wire.text();
      } else {
        wire.skip(tag);
      }
    }
    return NODES.stringNode(text.isEmpty() ? "0" : text);
  }

  private static JsonNode intOrString(WireReader wire, Field field) {
    long type = 0;
    int number = 0;
    String text = "";
    while (!wire.atEnd()) {
      int tag = wire.tag();
      switch (tag) {
        case 1 << 3 | WireReader.VARINT -> type = wire.varint();
        case 2 << 3 | WireReader.VARINT -> number = (int) wire.varint();
        case 3 << 3 | WireReader.LENGTH -> text = wire.text();
        default -> wire.skip(tag);
      }
    }
    if (type != 0 && type != 1) {
      throw Protobuf.refused(field.name() + " is neither a number nor a text");
    }
    return type == 0 ? NODES.numberNode(number) : NODES.stringNode(text);
  }

  private JsonNode raw(WireReader wire, Field field, int depth) {
    byte[] json = new byte[0];
    while (!wire.atEnd()) {
      int tag = wire.tag();
      if (tag == (1 << 3 | WireReader.LENGTH)) {
        json = wire.content();
      } else {
        wire.skip(tag);
      }
    }
    if (json.length == 0) {
      return NODES.missingNode();
    }
    JsonNode tree = parsed(json, field);
    measure(tree, depth);
    return tree;
  }

  private static JsonNode parsed(byte[] json, Field field) {
    try {
      return Json.parse(json);
    } catch (JacksonException | IllegalArgumentException e) {
      throw Protobuf.refused(field.name() + " does not hold JSON: " + e.getMessage());
    }
  }

  /// Counts an embedded tree as if it had been decoded here.
  private void measure(JsonNode tree, int depth) {
    count();
    if (tree.isContainer()) {
      if (depth > Json.MAX_DEPTH) {
        throw tooDeep();
      }
      tree.forEach(child -> measure(child, depth + 1));
    }
  }

  private JsonNode items(WireReader wire) {
    ArrayNode items = Json.array();
    while (!wire.atEnd()) {
      int tag = wire.tag();
      if (tag == (1 << 3 | WireReader.LENGTH)) {
        count();
        items.add(wire.text());
      } else {
        wire.skip(tag);
      }
    }
    return items;
  }

  /// `JSONSchemaPropsOr*` of CustomResourceDefinitions: a schema, or else a list of schemas, a
  /// boolean, a list of texts. The numbers of the fields differ.
  private JsonNode union(WireReader wire, Field field, int depth) {
    boolean bool = field.type().equals("schema-or-bool");
    int schemaNumber = bool ? 2 : 1;
    JsonNode other = bool ? NODES.booleanNode(false) : Json.array();
    while (!wire.atEnd()) {
      int tag = wire.tag();
      if (tag == (schemaNumber << 3 | WireReader.LENGTH)) {
        return message(wire.message(), "apiextensions.v1.JSONSchemaProps", depth);
      }
      if (tag == (1 << 3 | WireReader.VARINT) && bool) {
        other = NODES.booleanNode(wire.varint() != 0);
      } else if (tag == (2 << 3 | WireReader.LENGTH) && other instanceof ArrayNode list) {
        count();
        list.add(
            field.type().equals("schema-or-array")
                ? message(wire.message(), "apiextensions.v1.JSONSchemaProps", depth + 1)
                : NODES.stringNode(wire.text()));
      } else {
        wire.skip(tag);
      }
    }
    return other;
  }

  private static boolean isMessage(String type) {
    return type.indexOf('.') > 0;
  }

  private static int wireType(String type) {
    return switch (type) {
      case "bool", "int32", "int64" -> WireReader.VARINT;
      case "double" -> WireReader.FIXED64;
      case "float" -> WireReader.FIXED32;
      default -> WireReader.LENGTH;
    };
  }

  private static void expect(int wanted, int found, Field field) {
    if (wanted != found) {
      throw Protobuf.refused("wrong wire type %d for field %s".formatted(found, field.name()));
    }
  }

  private void count() {
    if (++values > MAX_VALUES) {
      throw Protobuf.refused("it holds more than " + MAX_VALUES + " values");
    }
  }

  private static RuntimeException tooDeep() {
    return Protobuf.refused("it is nested deeper than " + Json.MAX_DEPTH + " levels");
  }
}
