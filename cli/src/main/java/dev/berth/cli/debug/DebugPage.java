package dev.berth.cli.debug;

import dev.berth.api.Json;
import dev.berth.api.Printable;
import dev.berth.api.Times;
import dev.berth.cli.term.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// A debug report for reading. It knows no field by name: an object of values is one line a value,
/// a list of flat objects is a table, times get their distance from now. So a newer server's report
/// is shown whole.
final class DebugPage {
  private final Instant now;
  private final List<String> lines = new ArrayList<>();

  DebugPage(Instant now) {
    this.now = now;
  }

  List<String> of(JsonNode report) {
    fields(report, "");
    return lines;
  }

  private void fields(JsonNode object, String indent) {
    int width =
        object.properties().stream()
            .filter(entry -> entry.getValue().isValueNode())
            .mapToInt(entry -> words(entry.getKey()).length())
            .max()
            .orElse(0);
    for (var entry : object.properties()) {
      field(entry.getKey(), entry.getValue(), indent, width);
    }
  }

  /// `lastError` is for programs; a person reads `last error`.
  private static String words(String name) {
    return name.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
  }

  private void field(String name, JsonNode value, String indent, int width) {
    String title = indent + Printable.line(words(name));
    if (value.isValueNode()) {
      lines.add(title + " ".repeat(width - words(name).length() + 2) + text(value));
      return;
    }
    if (indent.isEmpty() && !lines.isEmpty()) {
      lines.add("");
    }
    if (value.isEmpty()) {
      lines.add(title + ": none");
    } else if (value.isObject()) {
      lines.add(title + ":");
      fields(value, indent + "  ");
    } else {
      lines.add(title + ":");
      list(value, indent + "  ");
    }
  }

  private void list(JsonNode items, String indent) {
    Set<String> columns = new LinkedHashSet<>();
    boolean flat = true;
    for (JsonNode item : items) {
      flat &=
          item.isObject() && item.properties().stream().allMatch(e -> e.getValue().isValueNode());
      item.properties().forEach(entry -> columns.add(entry.getKey()));
    }
    if (flat) {
      table(items, List.copyOf(columns), indent);
      return;
    }
    for (JsonNode item : items) {
      item(item, indent);
    }
  }

  /// The first field of an entry stands behind a dash, as in YAML.
  private void item(JsonNode item, String indent) {
    int before = lines.size();
    if (item.isObject()) {
      fields(item, indent + "  ");
    } else if (item.isArray()) {
      list(item, indent + "  ");
    } else {
      lines.add(indent + "  " + text(item));
    }
    if (lines.size() > before) {
      String first = lines.get(before);
      lines.set(before, indent + "- " + first.substring(indent.length() + 2));
    }
  }

  private void table(JsonNode items, List<String> columns, String indent) {
    List<List<String>> rows = new ArrayList<>();
    for (JsonNode item : items) {
      rows.add(columns.stream().map(column -> text(item.path(column))).toList());
    }
    new Table(columns.stream().map(DebugPage::words).toList())
        .lines(rows)
        .forEach(line -> lines.add(indent + line));
  }

  private String text(JsonNode value) {
    if (value.isNull() || value.isMissingNode()) {
      return "-";
    }
    String text = value.isValueNode() ? value.asString("") : Json.string(value);
    Optional<Instant> time = value.isString() ? Times.parse(text) : Optional.empty();
    return time.map(this::distance)
        .map(distance -> Printable.line(text) + " (" + distance + ")")
        .orElse(text.isEmpty() ? "-" : Printable.line(text));
  }

  private String distance(Instant time) {
    return time.isAfter(now)
        ? "in " + Times.age(Duration.between(now, time))
        : Times.age(Duration.between(time, now)) + " ago";
  }
}
