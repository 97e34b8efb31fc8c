package dev.berth.api.codec;

import dev.berth.api.Json;
import dev.berth.api.codec.Positions.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// JSON tokens to trees; several objects may follow each other.
final class JsonReader extends DocumentReader {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(2 * Json.MAX_DEPTH)
                  .maxNumberLength(400)
                  .maxNameLength(Manifests.MAX_BYTES)
                  .build())
          .build();

  private final String text;
  private boolean syntaxError;

  JsonReader(String file, String text) {
    super(file);
    this.text = text;
  }

  @Override
  List<Manifest> read() {
    List<Manifest> manifests = new ArrayList<>();
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      while (parser.nextToken() != null) {
        places = new HashMap<>();
        places.put("", place(parser.currentTokenLocation()));
        JsonNode root = value(parser, "", 1);
        manifests.addAll(manifests(root, new Positions(file, places)));
      }
    } catch (JacksonException e) {
      syntaxError = true;
      throw fatal(place(e.getLocation()), "", "not JSON: " + e.getOriginalMessage());
    }
    return manifests;
  }

  /// Whether the text is no JSON, rather than JSON that is not wanted.
  boolean metSyntaxError() {
    return syntaxError;
  }

  private static Position place(TokenStreamLocation location) {
    return location == null
        ? new Position(1, 1)
        : new Position(Math.max(1, location.getLineNr()), Math.max(1, location.getColumnNr()));
  }

  private JsonNode value(JsonParser parser, String path, int depth) {
    Position place = place(parser.currentTokenLocation());
    enter(depth, place, path);
    count(1, place, path);
    JsonNodeFactory nodes = Json.mapper().getNodeFactory();
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser, path, depth);
      case START_ARRAY -> list(parser, path, depth);
      case VALUE_STRING -> StringNode.valueOf(parser.getString());
      case VALUE_TRUE -> nodes.booleanNode(true);
      case VALUE_FALSE -> nodes.booleanNode(false);
      case VALUE_NULL -> nodes.nullNode();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser, place, path);
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT ->
          throw fatal(place, path, "not JSON");
    };
  }

  private JsonNode number(JsonParser parser, Position place, String path) {
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
      return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
          ? Json.mapper().getNodeFactory().numberNode(parser.getDoubleValue())
          : Json.mapper().getNodeFactory().numberNode(parser.getLongValue());
    }
    double value = parser.getDoubleValue();
    if (!Double.isFinite(value)) {
      throw fatal(place, path, "a number is too large");
    }
    return Json.mapper().getNodeFactory().numberNode(value);
  }

  private ObjectNode object(JsonParser parser, String path, int depth) {
    ObjectNode object = Json.object();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      String child = child(path, name);
      Position place = place(parser.currentTokenLocation());
      if (object.has(name)) {
        Position first = places.getOrDefault(child, place);
        problem(place, child, "duplicate field, first written in line " + first.line());
      } else {
        places.put(child, place);
      }
      parser.nextToken();
      object.set(name, value(parser, child, depth + 1));
    }
    return object;
  }

  private ArrayNode list(JsonParser parser, String path, int depth) {
    ArrayNode list = Json.array();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      String child = child(path, Integer.toString(list.size()));
      places.put(child, place(parser.currentTokenLocation()));
      list.add(value(parser, child, depth + 1));
    }
    return list;
  }
}
