package dev.berth.api.why;

import dev.berth.api.Json;
import dev.berth.api.Quantity;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// What the scheduler's message says is too little, against what the container asks for.
///
/// @param resource `cpu` or `memory`; empty where the message does not say
/// @param asked as the spec has it
/// @param most what the largest node has of it
record Shortage(String resource, String asked, String most) {
  private static final Pattern LARGEST =
      Pattern.compile("has (\\S+) cpu and (\\S+(?: [KMGT]i?B)?)");

  static Shortage of(String message, JsonNode container) {
    JsonNode requests = Json.at(container, "resources", "requests");
    Matcher largest = LARGEST.matcher(message);
    if (largest.find()) {
      String cpu = Json.text(requests, "cpu");
      return isMore(cpu, largest.group(1))
          ? new Shortage("cpu", cpu, largest.group(1))
          : new Shortage("memory", Json.text(requests, "memory"), largest.group(2));
    }
    for (String resource : java.util.List.of("cpu", "memory")) {
      if (message.contains("Insufficient " + resource)) {
        return new Shortage(resource, Json.text(requests, resource), "");
      }
    }
    return new Shortage("", "", "");
  }

  private static boolean isMore(String asked, String has) {
    Optional<Quantity> left = Quantity.tryParse(asked);
    Optional<Quantity> right = Quantity.tryParse(has);
    return left.isPresent() && right.isPresent() && left.get().compareTo(right.get()) > 0;
  }

  /// `spec.model.resources.requests.cpu (now 64; the largest node has 2)`.
  String field(PodPlace pod) {
    if (resource.isEmpty()) {
      return pod.field("resources.requests");
    }
    String now = asked.isEmpty() ? "" : "now " + asked;
    String largest = most.isEmpty() ? "" : "the largest node has " + most;
    String both = now + (now.isEmpty() || largest.isEmpty() ? "" : "; ") + largest;
    return pod.field("resources.requests." + resource) + (both.isEmpty() ? "" : " (" + both + ")");
  }
}
