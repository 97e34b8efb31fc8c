package dev.berth.cli.look;

import dev.berth.api.Json;
import dev.berth.api.Printable;
import dev.berth.api.Quantity;
import dev.berth.api.why.Cause;
import dev.berth.cli.term.Paint;
import dev.berth.cli.term.Spans;
import dev.berth.cli.term.Wrap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A host in one line, and below it what presses.
final class NodeLines {
  private NodeLines() {}

  static List<String> of(
      JsonNode node, boolean ready, Optional<Cause> cause, boolean colours, int columns) {
    List<String> lines = new ArrayList<>();
    Paint paint = !ready ? Paint.RED : cause.isPresent() ? Paint.YELLOW : Paint.GREEN;
    String state = ready ? "Ready" : "not Ready";
    String reason = cause.map(c -> ", " + c.reason()).orElse("");
    lines.add(
        "node  "
            + paint.of(Printable.line(Json.name(node) + "  " + state + reason), colours)
            + "  "
            + resources(node));
    cause.ifPresent(
        c -> {
          lines.addAll(Wrap.hanging("      ", Printable.line(c.message()), columns));
          if (!c.fix().isEmpty()) {
            lines.addAll(Wrap.hanging("      ", Printable.line("do: " + c.fix()), columns));
          }
        });
    return lines;
  }

  private static String resources(JsonNode node) {
    JsonNode has = Json.at(node, "status", "allocatable");
    long memory = Quantity.tryParse(Json.text(has, "memory")).map(Quantity::value).orElse(0L);
    return Printable.line(Json.text(has, "cpu") + " cpu, " + Spans.bytes(memory) + " memory");
  }
}
