package dev.berth.api.codec;

import dev.berth.api.Json;
import dev.berth.api.codec.Positions.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// What the YAML and the JSON reader share: places, problems and the limits on depth and size.
abstract class DocumentReader {
  static final int MAX_NODES = 300_000;

  /// Every value has a path, so that few long names around many values would fill the memory: all
  /// paths together.
  static final long MAX_PATHS = 48L << 20;

  /// Above this many problems a person reads no further.
  private static final int MAX_PROBLEMS = 100;

  final String file;
  final List<Problem> problems = new ArrayList<>();
  Map<String, Position> places = new HashMap<>();
  private long nodes;
  private long paths;

  DocumentReader(String file) {
    this.file = file;
  }

  abstract List<Manifest> read();

  static String child(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  void problem(Position place, String path, String message) {
    if (problems.size() < MAX_PROBLEMS) {
      problems.add(new Problem(file, place.line(), place.column(), path, message));
    }
  }

  /// Ends the reading: what follows cannot be trusted.
  ManifestException fatal(Position place, String path, String message) {
    problem(place, path, message);
    return new ManifestException(problems);
  }

  void enter(int depth, Position place, String path) {
    if (depth > Json.MAX_DEPTH) {
      throw fatal(place, shortened(path), "nested deeper than " + Json.MAX_DEPTH + " levels");
    }
  }

  static String shortened(String path) {
    return path.length() <= 120 ? path : path.substring(0, 117) + "...";
  }

  void count(long more, Position place, String path) {
    nodes += more;
    paths += path.length();
    if (paths > MAX_PATHS) {
      throw fatal(place, shortened(path), "too many values below names that are too long");
    }
    if (nodes > MAX_NODES) {
      throw fatal(
          place,
          shortened(path),
          "more than " + MAX_NODES + " values, aliases counted as what they stand for");
    }
  }

  /// A `List` of objects is its objects.
  List<Manifest> manifests(JsonNode root, Positions positions) {
    if (!(root instanceof tools.jackson.databind.node.ObjectNode object)) {
      Position place = positions.of("");
      problem(place, "", "expected an object with apiVersion and kind");
      return List.of();
    }
    boolean isList = Json.text(object, "kind").equals("List") && object.path("items").isArray();
    if (!isList) {
      return List.of(new Manifest(object, positions));
    }
    List<Manifest> items = new ArrayList<>();
    for (int i = 0; i < object.path("items").size(); i++) {
      items.addAll(manifests(object.path("items").path(i), positions.below("items[" + i + "]")));
    }
    return items;
  }
}
