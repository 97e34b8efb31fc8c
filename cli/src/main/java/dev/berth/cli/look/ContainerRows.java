package dev.berth.cli.look;

import dev.berth.api.Json;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// A pod's containers as a table: what each does now, and how it ended before.
final class ContainerRows {
  static final List<String> HEADINGS = List.of("name", "ready", "restarts", "state", "last end");

  private ContainerRows() {}

  static List<List<String>> of(JsonNode pod) {
    List<List<String>> rows = new ArrayList<>();
    for (JsonNode container : Json.at(pod, "status", "containerStatuses")) {
      rows.add(
          List.of(
              Json.text(container, "name"),
              Json.text(container, "ready"),
              Json.text(container, "restartCount"),
              now(container.path("state")),
              ended(Json.at(container, "lastState", "terminated"))));
    }
    return rows;
  }

  /// The message of a crash loop holds the time of the next try.
  private static String now(JsonNode state) {
    if (state.path("waiting").isObject()) {
      String message = Json.text(state, "waiting", "message");
      return Json.text(state, "waiting", "reason") + (message.isEmpty() ? "" : ": " + message);
    }
    return state.path("running").isObject()
        ? "running since " + Json.text(state, "running", "startedAt")
        : ended(state.path("terminated"));
  }

  private static String ended(JsonNode terminated) {
    return terminated.isObject()
        ? Json.text(terminated, "reason")
            + ", exit code "
            + Json.text(terminated, "exitCode")
            + ", "
            + Json.text(terminated, "finishedAt")
        : "";
  }
}
