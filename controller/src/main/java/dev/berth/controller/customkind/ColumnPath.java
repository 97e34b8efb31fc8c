package dev.berth.controller.customkind;

import dev.berth.api.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// The part of JSONPath that definitions use in their columns: `.a.b`, `['a.b']`, `[0]` and
/// `[?(@.type=="Ready")]`, which takes the first that matches. Kubernetes, "JSONPath Support".
final class ColumnPath {
  private static final Pattern STEP =
      Pattern.compile(
          "\\.((?:[^.\\[\\\\]|\\\\.)++)|\\[['\"]([^'\"]+)['\"]\\]|\\[(\\d{1,6})\\]|\\[\\?\\(@\\.([^=!<>]+?)\\s*==\\s*['\"]?([^'\")]*)['\"]?\\)\\]");

  private final List<Step> steps;

  private sealed interface Step {
    record Name(String name) implements Step {}

    record Index(int index) implements Step {}

    record Match(String field, String value) implements Step {}
  }

  private ColumnPath(List<Step> steps) {
    this.steps = steps;
  }

  /// A path that is no such path finds nothing.
  static ColumnPath parse(String text) {
    List<Step> steps = new ArrayList<>();
    Matcher matcher = STEP.matcher(text);
    int end = 0;
    while (matcher.find() && matcher.start() == end) {
      end = matcher.end();
      steps.add(step(matcher));
    }
    return end == text.length() && end > 0
        ? new ColumnPath(steps)
        : new ColumnPath(List.of(new Step.Index(-1)));
  }

  private static Step step(Matcher found) {
    if (found.group(1) != null) {
      return new Step.Name(found.group(1).replace("\\.", "."));
    }
    if (found.group(2) != null) {
      return new Step.Name(found.group(2));
    }
    return found.group(3) != null
        ? new Step.Index(Integer.parseInt(found.group(3)))
        : new Step.Match(found.group(4), found.group(5));
  }

  /// The first value that the path leads to.
  Optional<JsonNode> find(JsonNode object) {
    JsonNode at = object;
    for (Step step : steps) {
      at =
          switch (step) {
            case Step.Name(String name) -> at.path(name);
            case Step.Index(int index) -> at.path(index);
            case Step.Match match -> first(at, match);
          };
    }
    return at.isMissingNode() ? Optional.empty() : Optional.of(at);
  }

  private static JsonNode first(JsonNode list, Step.Match match) {
    String[] names = match.field().split("\\.", -1);
    for (JsonNode each : list) {
      if (Json.at(each, names).asString("").equals(match.value())) {
        return each;
      }
    }
    return Json.object().path("none");
  }
}
