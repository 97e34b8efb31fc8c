package dev.berth.api.schema;

import dev.berth.api.Durations;
import dev.berth.api.Nearest;
import dev.berth.api.Quantity;
import dev.berth.api.Times;
import dev.berth.api.schema.FieldType.AnyType;
import dev.berth.api.schema.FieldType.ListType;
import dev.berth.api.schema.FieldType.MapType;
import dev.berth.api.schema.FieldType.ObjectType;
import dev.berth.api.schema.FieldType.Scalar;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// One walk over a tree beside its type. It finds unknown fields, wrong types, missing required
/// fields and values outside a field's constraints, and goes on after each. A `null` is an absent
/// value, as Kubernetes reads it.
final class TreeCheck {
  static final String QUANTITY_RULE =
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

  /// Nobody reads more, and a request must not make the server write more.
  static final int MAX_ERRORS = 100;

  /// Kubernetes' own words.
  private static final String REDACTED = "<secret contents redacted>";

  private final boolean unknown;
  private final boolean values;
  private final Set<String> hidden;
  private final List<FieldError> errors = new ArrayList<>();

  private TreeCheck(boolean unknown, boolean values, Set<String> hidden) {
    this.unknown = unknown;
    this.values = values;
    this.hidden = hidden;
  }

  static List<FieldError> unknownFields(JsonNode tree, ObjectType type) {
    TreeCheck check = new TreeCheck(true, false, Set.of());
    check.object(tree, type, "");
    return check.errors;
  }

  /// @param hidden fields at the root of whose maps no value is shown
  static List<FieldError> values(JsonNode tree, ObjectType type, Set<String> hidden) {
    TreeCheck check = new TreeCheck(false, true, hidden);
    check.object(tree, type, "");
    return check.errors;
  }

  private void value(JsonNode node, FieldType type, String path) {
    if (node.isNull() || errors.size() >= MAX_ERRORS) {
      return;
    }
    switch (type) {
      case ObjectType object -> object(node, object, path);
      case ListType list -> list(node, list, path);
      case MapType map -> map(node, map, path);
      case Scalar scalar -> scalar(node, scalar, path);
      case AnyType _ -> {}
    }
  }

  private void object(JsonNode node, ObjectType type, String path) {
    if (!node.isObject()) {
      wrongType(path, "an object", node);
      return;
    }
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      String child = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
      Field field = type.fields().get(entry.getKey());
      if (field != null) {
        value(entry.getValue(), field.type(), child);
        constraints(entry.getValue(), field.constraints(), child);
      } else if (unknown && !type.open() && errors.size() < MAX_ERRORS) {
        errors.add(unknownField(child, entry.getKey(), type));
      }
    }
    if (values) {
      required(node, type, path);
    }
  }

  private void required(JsonNode node, ObjectType type, String path) {
    type.fields()
        .forEach(
            (name, field) -> {
              JsonNode present = node.path(name);
              if (field.required() && (present.isMissingNode() || present.isNull())) {
                errors.add(FieldError.required(path.isEmpty() ? name : path + "." + name, ""));
              }
            });
  }

  private static FieldError unknownField(String path, String name, ObjectType type) {
    Optional<String> nearest = Nearest.of(name, type.fields().keySet());
    String hint = nearest.map(other -> "; did you mean \"" + other + "\"?").orElse("");
    return new FieldError(path, FieldError.UNKNOWN_FIELD, "unknown field" + hint);
  }

  private void list(JsonNode node, ListType type, String path) {
    if (!node.isArray()) {
      wrongType(path, "a list", node);
      return;
    }
    for (int i = 0; i < node.size(); i++) {
      value(node.path(i), type.element(), path + "[" + i + "]");
    }
  }

  private void map(JsonNode node, MapType type, String path) {
    if (!node.isObject()) {
      wrongType(path, "an object", node);
      return;
    }
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      value(entry.getValue(), type.value(), path + "[" + entry.getKey() + "]");
    }
  }

  private void scalar(JsonNode node, Scalar scalar, String path) {
    if (!values) {
      return;
    }
    switch (scalar) {
      case STRING -> expect(node.isString(), path, "text", node);
      case INTEGER -> expect(isWhole(node), path, "an integer", node);
      case INT32 -> expect(isInt32(node), path, "an integer of 32 bits", node);
      case NUMBER -> expect(node.isNumber(), path, "a number", node);
      case BOOLEAN -> expect(node.isBoolean(), path, "true or false", node);
      case INT_OR_STRING ->
          expect(isInt32(node) || node.isString(), path, "an integer of 32 bits or text", node);
      case QUANTITY -> quantity(node, path);
      case TIME ->
          syntax(
              node,
              path,
              "a time",
              Times.parse(node.asString("")).isPresent(),
              "must be an RFC 3339 time such as 2026-01-31T12:00:00Z");
      case DURATION ->
          syntax(
              node,
              path,
              "a duration",
              Durations.tryParse(node.asString("")).isPresent(),
              "must be a number and a unit (ms, s, m, h), for example \"30s\"");
      case BYTES ->
          syntax(node, path, "base64 text", isBase64(node.asString("")), "must be base64");
    }
  }

  private static boolean isWhole(JsonNode node) {
    return node.isIntegralNumber() && node.canConvertToLong();
  }

  private static boolean isInt32(JsonNode node) {
    return node.isIntegralNumber() && node.canConvertToInt();
  }

  private static boolean isBase64(String text) {
    try {
      Base64.getMimeDecoder().decode(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private void quantity(JsonNode node, String path) {
    if (!node.isString() && !node.isNumber()) {
      wrongType(path, "a quantity", node);
    } else if (Quantity.tryParse(node.asString()).isEmpty()) {
      errors.add(FieldError.invalid(path, node.asString(), QUANTITY_RULE));
    }
  }

  private void syntax(JsonNode node, String path, String what, boolean ok, String rule) {
    if (!node.isString()) {
      wrongType(path, what, node);
    } else if (!ok) {
      errors.add(FieldError.invalid(path, isHidden(path) ? REDACTED : node.stringValue(), rule));
    }
  }

  private boolean isHidden(String path) {
    return hidden.stream().anyMatch(field -> path.equals(field) || path.startsWith(field + "["));
  }

  private void expect(boolean ok, String path, String what, JsonNode node) {
    if (!ok) {
      wrongType(path, what, node);
    }
  }

  private void wrongType(String path, String wanted, JsonNode node) {
    if (values) {
      String message =
          "expected " + wanted + ", found " + found(node, path) + quoteHint(wanted, node);
      errors.add(new FieldError(path, FieldError.TYPE_INVALID, message));
    }
  }

  private String found(JsonNode node, String path) {
    return isHidden(path) && node.isValueNode()
        ? node.getNodeType().name().toLowerCase(Locale.ROOT) + " " + REDACTED
        : describe(node);
  }

  private static String describe(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> "an object";
      case ARRAY -> "a list";
      case STRING -> "text \"" + shortened(node.stringValue()) + "\"";
      case NUMBER -> "the number " + shortened(node.asString());
      case BOOLEAN -> node.asString();
      case BINARY, MISSING, NULL, POJO -> "nothing";
    };
  }

  private static String quoteHint(String wanted, JsonNode node) {
    boolean quotable = wanted.equals("text") && (node.isNumber() || node.isBoolean());
    return quotable ? "; put it in quotes" : "";
  }

  private static String shortened(String text) {
    return text.length() <= 60 ? text : text.substring(0, 57) + "...";
  }

  private void constraints(JsonNode node, Constraints rules, String path) {
    if (!values || node.isNull()) {
      return;
    }
    if (node.isString()) {
      text(node.stringValue(), rules, path);
    } else if (isWhole(node)) {
      range(node.longValue(), rules, path);
    }
  }

  private void text(String value, Constraints rules, String path) {
    if (!rules.values().isEmpty() && !rules.values().contains(value)) {
      String supported =
          rules.values().stream().map(v -> "\"" + v + "\"").collect(Collectors.joining(", "));
      String hint =
          Nearest.of(value, rules.values())
              .map(nearest -> "; did you mean \"" + nearest + "\"?")
              .orElse("");
      errors.add(
          new FieldError(
              path,
              FieldError.NOT_SUPPORTED,
              "Unsupported value: \""
                  + shortened(value)
                  + "\": supported values: "
                  + supported
                  + hint));
    }
    rules
        .pattern()
        .filter(pattern -> !Pattern.matches(pattern, value))
        .ifPresent(
            pattern ->
                errors.add(FieldError.invalid(path, shortened(value), "must match " + pattern)));
  }

  private void range(long value, Constraints rules, String path) {
    boolean low = rules.minimum().isPresent() && value < rules.minimum().getAsLong();
    boolean high = rules.maximum().isPresent() && value > rules.maximum().getAsLong();
    if (low || high) {
      errors.add(FieldError.invalid(path, value, rangeText(rules)));
    }
  }

  static String rangeText(Constraints rules) {
    if (rules.minimum().isEmpty()) {
      return "must be at most " + rules.maximum().orElse(0);
    }
    return rules.maximum().isEmpty()
        ? "must be greater than or equal to " + rules.minimum().getAsLong()
        : "must be between "
            + rules.minimum().getAsLong()
            + " and "
            + rules.maximum().getAsLong()
            + ", inclusive";
  }
}
