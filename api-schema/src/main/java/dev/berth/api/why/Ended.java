package dev.berth.api.why;

import dev.berth.api.Json;
import dev.berth.api.Signals;
import dev.berth.api.Times;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/// How a container ended last: `state.terminated`, or `lastState.terminated` of one that is between
/// two tries.
record Ended(
    OptionalInt exitCode,
    Optional<String> signal,
    String reason,
    Optional<Instant> finished,
    List<String> logTail) {
  private static final int LOG_LINES = 10;
  private static final int BY_SIGNAL = 128;

  static Optional<Ended> of(JsonNode containerStatus) {
    JsonNode now = Json.at(containerStatus, "state", "terminated");
    JsonNode last = now.isObject() ? now : Json.at(containerStatus, "lastState", "terminated");
    return Optional.of(last).filter(JsonNode::isObject).map(Ended::read);
  }

  private static Ended read(JsonNode ended) {
    int signal = ended.path("signal").asInt(0);
    int code = ended.path("exitCode").asInt(0);
    int number = signal > 0 ? signal : code > BY_SIGNAL && code <= BY_SIGNAL + 31 ? code - 128 : 0;
    return new Ended(
        OptionalInt.of(code),
        number > 0 ? Optional.of(Signals.name(number)) : Optional.empty(),
        Json.text(ended, "reason"),
        Times.at(ended, "finishedAt"),
        tail(Json.text(ended, "message")));
  }

  private static List<String> tail(String log) {
    List<String> lines = Arrays.stream(log.split("\n")).filter(line -> !line.isBlank()).toList();
    return lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size());
  }

  int code() {
    return exitCode.orElse(0);
  }

  String lastLine() {
    return logTail.isEmpty() ? "" : ": " + logTail.getLast().strip();
  }
}
