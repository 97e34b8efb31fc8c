package dev.berth.api;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NumericNode;
import tools.jackson.databind.node.ObjectNode;

/// The one mapper and the small words for trees. Reading is limited (depth, number and name length)
/// and refuses duplicate keys and numbers that a double cannot hold, because what is read here is
/// stored and sent to every watcher.
public final class Json {
  public static final int MAX_DEPTH = 100;

  private static final JsonMapper MAPPER = mapper(true);

  /// For what this program has written itself: looking for duplicate keys costs a tenth of reading.
  private static final JsonMapper OWN = mapper(false);

  private static JsonMapper mapper(boolean findsDuplicates) {
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(400)
                    .maxNameLength(4096)
                    .build())
            .configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION, findsDuplicates)
            .build();
    return JsonMapper.builder(factory).nodeFactory(new FiniteNumbers()).build();
  }

  private Json() {}

  public static JsonMapper mapper() {
    return MAPPER;
  }

  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  public static ArrayNode array() {
    return MAPPER.createArrayNode();
  }

  /// Throws a `JacksonException` where the text is not one JSON value within the limits.
  public static JsonNode parse(byte[] json) {
    return MAPPER.readTree(json);
  }

  public static JsonNode parse(String json) {
    return MAPPER.readTree(json);
  }

  public static ObjectNode parseObject(byte[] json) {
    return asObject(parse(json));
  }

  /// Reads an object that [#bytes] has written: it has no duplicate keys.
  public static ObjectNode parseOwn(byte[] json) {
    return asObject(OWN.readTree(json));
  }

  /// Checks without making a tree that [#parseOwn] will be able to read this. What is put together
  /// from parts, each within the limits, may be beyond them: a patch of a patch is deeper.
  ///
  /// @throws JacksonException naming the limit
  public static void requireReadable(byte[] json) {
    try (JsonParser parser = OWN.createParser(json)) {
      while (parser.nextToken() != null) {
        // the limits are kept by the parser
      }
    }
  }

  public static ObjectNode parseObject(String json) {
    return asObject(parse(json));
  }

  private static ObjectNode asObject(JsonNode node) {
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw new IllegalArgumentException("expected an object, found " + node.getNodeType());
  }

  public static byte[] bytes(JsonNode node) {
    return MAPPER.writeValueAsBytes(node);
  }

  public static String string(JsonNode node) {
    return MAPPER.writeValueAsString(node);
  }

  public static String pretty(JsonNode node) {
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(node);
  }

  /// The same bytes for equal trees: keys sorted at every level. For hashes, not for the wire.
  public static byte[] canonical(JsonNode node) {
    return sorted(node).toString().getBytes(StandardCharsets.UTF_8);
  }

  private static JsonNode sorted(JsonNode node) {
    if (node instanceof ObjectNode object) {
      ObjectNode copy = object();
      Map<String, JsonNode> byName = new TreeMap<>();
      object.properties().forEach(entry -> byName.put(entry.getKey(), entry.getValue()));
      byName.forEach((name, value) -> copy.set(name, sorted(value)));
      return copy;
    }
    if (node instanceof ArrayNode array) {
      ArrayNode copy = array();
      array.forEach(element -> copy.add(sorted(element)));
      return copy;
    }
    return node;
  }

  public static ObjectNode deepCopy(JsonNode object) {
    return (ObjectNode) object.deepCopy();
  }

  /// The value below these names; a missing node where one of them is absent.
  public static JsonNode at(JsonNode node, String... names) {
    JsonNode here = node;
    for (String name : names) {
      here = here.path(name);
    }
    return here;
  }

  /// The text below these names; numbers and booleans as they print; the empty string for anything
  /// else.
  public static String text(JsonNode node, String... names) {
    JsonNode found = at(node, names);
    return found.isString() || found.isNumber() || found.isBoolean() ? found.asString() : "";
  }

  public static Optional<String> optional(JsonNode node, String... names) {
    JsonNode found = at(node, names);
    return found.isString() && !found.stringValue().isEmpty()
        ? Optional.of(found.stringValue())
        : Optional.empty();
  }

  /// The object below these names, made where it is absent or not an object.
  public static ObjectNode ensure(ObjectNode node, String... names) {
    ObjectNode here = node;
    for (String name : names) {
      here = here.get(name) instanceof ObjectNode child ? child : here.putObject(name);
    }
    return here;
  }

  /// `metadata`, made where it is absent.
  public static ObjectNode meta(ObjectNode object) {
    return ensure(object, "metadata");
  }

  public static String name(JsonNode object) {
    return text(object, "metadata", "name");
  }

  public static String namespace(JsonNode object) {
    return text(object, "metadata", "namespace");
  }

  public static String uid(JsonNode object) {
    return text(object, "metadata", "uid");
  }

  public static String resourceVersion(JsonNode object) {
    return text(object, "metadata", "resourceVersion");
  }

  public static long generation(JsonNode object) {
    return at(object, "metadata", "generation").asLong(0);
  }

  public static boolean isDeleting(JsonNode object) {
    return !text(object, "metadata", "deletionTimestamp").isEmpty();
  }

  public static Map<String, String> labels(JsonNode object) {
    return strings(at(object, "metadata", "labels"));
  }

  public static Map<String, String> annotations(JsonNode object) {
    return strings(at(object, "metadata", "annotations"));
  }

  public static Optional<String> annotation(JsonNode object, String name) {
    return optional(object, "metadata", "annotations", name);
  }

  /// A map of text values in the order of the tree; other values are left out.
  public static Map<String, String> strings(JsonNode node) {
    Map<String, String> values = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      if (entry.getValue().isString()) {
        values.put(entry.getKey(), entry.getValue().stringValue());
      }
    }
    return values;
  }

  /// True for what is absent, `null`, or an empty text, list or object.
  public static boolean isEmpty(@Nullable JsonNode node) {
    return node == null
        || node.isNull()
        || node.isMissingNode()
        || (node.isContainer() && node.isEmpty())
        || (node.isString() && node.stringValue().isEmpty());
  }

  /// A number that became infinite would be written as the text "Infinity": refuse it on the way
  /// in.
  private static final class FiniteNumbers extends JsonNodeFactory {
    private static final long serialVersionUID = 1;

    @Override
    public NumericNode numberNode(double value) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("a number is too large");
      }
      return super.numberNode(value);
    }

    /// One node class per value, so that `put(name, 1L)` equals a parsed 1.
    @Override
    public NumericNode numberNode(long value) {
      return value == (int) value ? super.numberNode((int) value) : super.numberNode(value);
    }
  }
}
