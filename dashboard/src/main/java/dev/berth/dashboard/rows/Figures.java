package dev.berth.dashboard.rows;

import dev.berth.api.Json;
import dev.berth.dashboard.port.Traffic;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Figures of traffic as numbers for a line. What was not measured is null: a zero would be a
/// measurement.
final class Figures {
  static final int MOST_POINTS = 60;

  private Figures() {}

  static void write(ObjectNode part, Optional<Traffic.Figures> measured) {
    put(part, "rps", measured.map(Traffic.Figures::requestsPerSecond));
    put(part, "errorsPerSecond", measured.map(Traffic.Figures::errorsPerSecond));
    put(part, "p50Ms", measured.flatMap(m -> boxed(m.p50())));
    put(part, "p99Ms", measured.flatMap(m -> boxed(m.p99())));
    part.put("queue", measured.map(Traffic.Figures::queue).orElse(null));
    part.set("points", points(measured.map(Traffic.Figures::points).orElse(List.of())));
  }

  private static ArrayNode points(List<Traffic.Point> points) {
    ArrayNode all = Json.array();
    for (Traffic.Point point :
        points.subList(Math.max(0, points.size() - MOST_POINTS), points.size())) {
      ArrayNode one = all.addArray().add(point.time());
      one.add(rounded(point.requestsPerSecond())).add(rounded(point.errorsPerSecond()));
      one.add(boxed(point.p50()).map(Figures::rounded).orElse(null));
      one.add(boxed(point.p99()).map(Figures::rounded).orElse(null));
    }
    return all;
  }

  private static Optional<Double> boxed(OptionalDouble value) {
    return value.isPresent() ? Optional.of(value.getAsDouble()) : Optional.empty();
  }

  private static void put(ObjectNode part, String name, Optional<Double> value) {
    part.put(name, value.map(Figures::rounded).orElse(null));
  }

  /// Three digits behind the point: no screen shows more, and noise there would make every document
  /// differ from the one before.
  private static Double rounded(double value) {
    return Math.round(value * 1_000) / 1_000.0;
  }
}
