package dev.berth.api.codec;

import dev.berth.api.Json;
import dev.berth.api.codec.Positions.Position;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.DocumentEndEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingEndEvent;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceEndEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.events.StreamEndEvent;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// YAML events to trees. An alias is a copy of its anchor and counts with its whole size, so that a
/// few lines cannot become a billion values; it may not stand inside its own anchor.
final class YamlReader extends DocumentReader {
  private static final String STANDARD_TAG = "tag:yaml.org,2002:";

  private final Iterator<Event> events;

  /// What an anchor stands for, with its number of values and its depth.
  private record Anchored(JsonNode node, long size, int depth) {}

  private Map<String, Anchored> anchors = new HashMap<>();

  YamlReader(String file, String text) {
    super(file);
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(Manifests.MAX_BYTES);
    options.setNestingDepthLimit(Json.MAX_DEPTH * 2);
    this.events = new Yaml(options).parse(new StringReader(text)).iterator();
  }

  @Override
  List<Manifest> read() {
    List<Manifest> manifests = new ArrayList<>();
    try {
      while (events.hasNext()) {
        switch (events.next()) {
          case DocumentStartEvent _ -> manifests.addAll(document());
          case StreamEndEvent _ -> {
            return manifests;
          }
          default -> {}
        }
      }
    } catch (MarkedYAMLException e) {
      throw fatal(
          place(e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark()),
          "",
          syntax(e));
    } catch (YAMLException e) {
      throw fatal(new Position(1, 1), "", "not YAML: " + firstLine(e.getMessage()));
    }
    return manifests;
  }

  private static String syntax(MarkedYAMLException e) {
    String context = e.getContext() == null ? "" : e.getContext() + ": ";
    return "not YAML: " + context + firstLine(e.getProblem());
  }

  private static String firstLine(@Nullable String text) {
    return text == null ? "" : text.lines().findFirst().orElse("");
  }

  private List<Manifest> document() {
    places = new HashMap<>();
    anchors = new HashMap<>();
    Event first = events.next();
    places.put("", place(first.getStartMark()));
    JsonNode root = node(first, "", 1);
    while (events.hasNext() && !(events.next() instanceof DocumentEndEvent)) {
      // A document has one root; the parser sees to that.
    }
    return root.isNull() ? List.of() : manifests(root, new Positions(file, places));
  }

  private static Position place(@Nullable Mark mark) {
    return mark == null
        ? new Position(1, 1)
        : new Position(mark.getLine() + 1, mark.getColumn() + 1);
  }

  private JsonNode node(Event event, String path, int depth) {
    Position place = place(event.getStartMark());
    enter(depth, place, path);
    if (event instanceof AliasEvent alias) {
      return alias(alias, path, depth, place);
    }
    count(1, place, path);
    JsonNode node =
        switch (event) {
          case ScalarEvent scalar -> scalar(scalar, path);
          case SequenceStartEvent start -> sequence(start, path, depth);
          case MappingStartEvent start -> mapping(start, path, depth);
          default -> throw fatal(place, path, "not YAML");
        };
    if (event instanceof NodeEvent named && named.getAnchor() != null) {
      anchors.put(named.getAnchor(), new Anchored(node, size(node), depth(node)));
    }
    return node;
  }

  private JsonNode alias(AliasEvent alias, String path, int depth, Position place) {
    Anchored target = anchors.get(alias.getAnchor());
    if (target == null) {
      throw fatal(place, path, "alias *" + alias.getAnchor() + " has no anchor before it");
    }
    enter(depth + target.depth() - 1, place, path);
    count(target.size(), place, path);
    return target.node().deepCopy();
  }

  private static long size(JsonNode node) {
    long size = 1;
    for (JsonNode child : node) {
      size += size(child);
    }
    return size;
  }

  private static int depth(JsonNode node) {
    int deepest = 0;
    for (JsonNode child : node) {
      deepest = Math.max(deepest, depth(child));
    }
    return deepest + 1;
  }

  private JsonNode scalar(ScalarEvent scalar, String path) {
    String text = scalar.getValue();
    String tag = scalar.getTag();
    if (tag != null) {
      return tagged(scalar, tag, path);
    }
    if (scalar.getScalarStyle() != ScalarStyle.PLAIN) {
      return StringNode.valueOf(text);
    }
    if (Scalars.isNotFinite(text)) {
      problem(
          place(scalar.getStartMark()),
          path,
          text + " is not a number that JSON has; put it in quotes if text is meant");
    }
    return Scalars.plain(text);
  }

  private JsonNode tagged(ScalarEvent scalar, String tag, String path) {
    String text = scalar.getValue();
    String kind = tag.startsWith(STANDARD_TAG) ? tag.substring(STANDARD_TAG.length()) : tag;
    Optional<JsonNode> value =
        switch (kind) {
          case "str", "!", "timestamp" -> Optional.of(StringNode.valueOf(text));
          case "int", "float" -> Scalars.number(text);
          case "bool" -> Optional.of(Scalars.plain(text)).filter(JsonNode::isBoolean);
          case "null" -> Optional.of(Scalars.plain(text)).filter(JsonNode::isNull);
          default -> Optional.empty();
        };
    if (value.isEmpty()) {
      problem(place(scalar.getStartMark()), path, "the tag " + tag + " cannot be used here");
    }
    return value.orElseGet(() -> StringNode.valueOf(text));
  }

  private ArrayNode sequence(SequenceStartEvent start, String path, int depth) {
    refuseTag(start.getTag(), "seq", place(start.getStartMark()), path);
    ArrayNode list = Json.array();
    for (Event next = events.next(); !(next instanceof SequenceEndEvent); next = events.next()) {
      String element = child(path, Integer.toString(list.size()));
      places.put(element, place(next.getStartMark()));
      list.add(node(next, element, depth + 1));
    }
    return list;
  }

  private void refuseTag(@Nullable String tag, String allowed, Position place, String path) {
    if (tag != null && !tag.equals(STANDARD_TAG + allowed)) {
      problem(place, path, "the tag " + tag + " cannot be used here");
    }
  }

  private ObjectNode mapping(MappingStartEvent start, String path, int depth) {
    refuseTag(start.getTag(), "map", place(start.getStartMark()), path);
    ObjectNode object = Json.object();
    List<JsonNode> merged = new ArrayList<>();
    for (Event next = events.next(); !(next instanceof MappingEndEvent); next = events.next()) {
      member(object, merged, next, path, depth);
    }
    merged.forEach(source -> merge(object, source));
    return object;
  }

  private void member(ObjectNode object, List<JsonNode> merged, Event key, String path, int depth) {
    Position place = place(key.getStartMark());
    String name = key(key, path);
    boolean plainMerge =
        key instanceof ScalarEvent scalar
            && scalar.getScalarStyle() == ScalarStyle.PLAIN
            && name.equals("<<");
    String child = child(path, name);
    if (!plainMerge && object.has(name)) {
      Position first = places.getOrDefault(child, place);
      problem(place, child, "duplicate field, first written in line " + first.line());
    } else if (!plainMerge) {
      places.put(child, place);
    }
    JsonNode value = node(events.next(), child, depth + 1);
    if (plainMerge) {
      mergeSources(value, merged, place, path);
    } else {
      object.set(name, value);
    }
  }

  private String key(Event key, String path) {
    Anchored target = key instanceof AliasEvent alias ? anchors.get(alias.getAnchor()) : null;
    if (target != null && target.node().isValueNode()) {
      return target.node().asString();
    }
    if (!(key instanceof ScalarEvent scalar)) {
      throw fatal(place(key.getStartMark()), path, "a key must be text");
    }
    boolean plain = scalar.getScalarStyle() == ScalarStyle.PLAIN && scalar.getTag() == null;
    return plain ? Scalars.key(scalar.getValue()) : scalar.getValue();
  }

  private void mergeSources(JsonNode value, List<JsonNode> merged, Position place, String path) {
    for (JsonNode source : value.isArray() ? value : List.of(value)) {
      if (source.isObject()) {
        merged.add(source);
      } else {
        problem(place, path, "<< merges objects only");
      }
    }
  }

  /// Written fields win over merged ones, earlier sources over later ones.
  private static void merge(ObjectNode object, JsonNode source) {
    for (Map.Entry<String, JsonNode> entry : source.properties()) {
      if (!object.has(entry.getKey())) {
        object.set(entry.getKey(), entry.getValue());
      }
    }
  }
}
