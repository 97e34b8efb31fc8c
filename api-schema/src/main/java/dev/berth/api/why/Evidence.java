package dev.berth.api.why;

import dev.berth.api.Json;
import dev.berth.api.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// The facts behind an explanation: what the containers do, and what was said in Events.
final class Evidence {
  private static final int EVENTS = 3;
  private static final int PODS = 3;

  /// A container that is just tried again: it comes and goes, and says nothing.
  private static final String BETWEEN_TRIES = "ContainerCreating";

  private final Situation situation;
  private final Instant now;

  Evidence(Situation situation, Instant now) {
    this.situation = situation;
    this.now = now;
  }

  /// What there is besides the cause itself.
  List<String> of(Cause root, List<JsonNode> pods) {
    List<String> lines = new ArrayList<>();
    pods.stream()
        .filter(pod -> !Pods.isReady(pod))
        .limit(PODS)
        .forEach(
            pod ->
                Pods.doing(pod)
                    .filter(doing -> !doing.equals(BETWEEN_TRIES))
                    .ifPresent(doing -> lines.add("pod " + Json.name(pod) + ": " + doing)));
    nodes(root, pods).forEach(lines::add);
    events(root.subject()).forEach(lines::add);
    return lines.stream()
        .filter(line -> root.message().isEmpty() || !line.contains(root.message()))
        .toList();
  }

  /// Where nobody knows a cause.
  List<String> of(String subject) {
    return events(subject).toList();
  }

  /// A node in trouble may be why its pods are.
  private Stream<String> nodes(Cause root, List<JsonNode> pods) {
    return situation.nodes().stream()
        .filter(
            node ->
                pods.stream()
                    .anyMatch(pod -> Json.text(pod, "spec", "nodeName").equals(Json.name(node))))
        .flatMap(node -> NodeCauses.of(node).stream())
        .filter(cause -> !cause.subject().equals(root.subject()))
        .map(cause -> cause.subject() + ": " + cause.reason() + ": " + cause.message());
  }

  private Stream<String> events(String subject) {
    return situation.events().stream()
        .filter(event -> Json.text(event, "type").equals("Warning"))
        .filter(event -> isAbout(event, subject))
        .filter(event -> !isVerdict(event))
        .sorted(Comparator.comparing(Evidence::time).reversed())
        .map(this::line)
        .distinct()
        .limit(EVENTS);
  }

  /// A ModelApp's own Events tell earlier root causes, and what was repaired is no evidence.
  private static boolean isVerdict(JsonNode event) {
    return Json.text(event, "involvedObject", "kind").equals("ModelApp");
  }

  private boolean isAbout(JsonNode event, String subject) {
    String about =
        (Json.text(event, "involvedObject", "kind")
                + " "
                + Json.text(event, "involvedObject", "name"))
            .toLowerCase(java.util.Locale.ROOT);
    String target =
        (Json.text(situation.target(), "kind") + " " + Json.name(situation.target()))
            .toLowerCase(java.util.Locale.ROOT);
    return about.equals(subject) || about.equals(target);
  }

  private static Instant time(JsonNode event) {
    return last(event).orElse(Instant.EPOCH);
  }

  private static Optional<Instant> last(JsonNode event) {
    return Times.at(event, "lastTimestamp").or(() -> Times.at(event, "eventTime"));
  }

  private String line(JsonNode event) {
    String age =
        last(event).map(time -> " (" + Times.age(Duration.between(time, now)) + " ago)").orElse("");
    return "event " + Json.text(event, "reason") + ": " + Json.text(event, "message") + age;
  }
}
