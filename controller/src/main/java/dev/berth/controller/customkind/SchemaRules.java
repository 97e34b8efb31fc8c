package dev.berth.controller.customkind;

import dev.berth.api.Json;
import dev.berth.api.schema.FieldError;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import tools.jackson.databind.JsonNode;

/// What a schema says of values beyond their types, in Kubernetes' words. Types and required fields
/// are checked before, for every kind in the same way.
final class SchemaRules {
  private static final int MOST_DIGITS = 400;
  private final JsonNode schema;

  SchemaRules(JsonNode schema) {
    this.schema = schema;
  }

  void check(JsonNode object, List<FieldError> errors) {
    for (var property : schema.path("properties").properties()) {
      // What every object has in its metadata is checked for every kind in the same way.
      boolean own = !Set.of("metadata", "apiVersion", "kind").contains(property.getKey());
      if (own && object.has(property.getKey())) {
        value(object.path(property.getKey()), property.getValue(), property.getKey(), errors);
      }
    }
    combined(object, schema, "", errors);
  }

  private static void value(JsonNode node, JsonNode schema, String path, List<FieldError> errors) {
    if (node.isNull()) {
      return;
    }
    oneOf(node, schema, path, errors);
    if (node.isNumber()) {
      number(node, schema, path, errors);
    } else if (node.isString()) {
      text(node.asString(""), schema, path, errors);
    } else if (node.isArray()) {
      list(node, schema, path, errors);
    } else if (node.isObject()) {
      object(node, schema, path, errors);
    }
    combined(node, schema, path, errors);
  }

  private static void invalid(String path, JsonNode value, String rule, List<FieldError> errors) {
    errors.add(
        new FieldError(
            path,
            FieldError.INVALID,
            "Invalid value: " + Json.string(value) + ": " + path + " in body " + rule));
  }

  private static void oneOf(JsonNode node, JsonNode schema, String path, List<FieldError> errors) {
    JsonNode allowed = schema.path("enum");
    if (allowed.isEmpty() || allowed.valueStream().anyMatch(node::equals)) {
      return;
    }
    List<String> shown = new ArrayList<>();
    allowed.forEach(each -> shown.add(Json.string(each)));
    errors.add(
        new FieldError(
            path,
            FieldError.NOT_SUPPORTED,
            "Unsupported value: "
                + Json.string(node)
                + ": supported values: "
                + String.join(", ", shown)));
  }

  private static void number(JsonNode node, JsonNode schema, String path, List<FieldError> errors) {
    double value = node.asDouble(0);
    JsonNode least = schema.path("minimum");
    JsonNode most = schema.path("maximum");
    boolean open = schema.path("exclusiveMinimum").asBoolean(false);
    if (least.isNumber() && (open ? value <= least.asDouble(0) : value < least.asDouble(0))) {
      invalid(
          path,
          node,
          "should be greater than " + (open ? "" : "or equal to ") + least.asString(""),
          errors);
    }
    open = schema.path("exclusiveMaximum").asBoolean(false);
    if (most.isNumber() && (open ? value >= most.asDouble(0) : value > most.asDouble(0))) {
      invalid(
          path,
          node,
          "should be less than " + (open ? "" : "or equal to ") + most.asString(""),
          errors);
    }
    JsonNode step = schema.path("multipleOf");
    if (step.isNumber() && step.asDouble(0) > 0 && !isMultiple(node, step)) {
      invalid(path, node, "should be a multiple of " + step.asString(""), errors);
    }
  }

  /// In decimals, as both are written: 0.3 is three times 0.1. Numbers with large exponents would
  /// have as many digits.
  private static boolean isMultiple(JsonNode node, JsonNode step) {
    BigDecimal number = node.decimalValue();
    BigDecimal of = step.decimalValue();
    boolean large = Math.abs(number.scale()) > MOST_DIGITS || Math.abs(of.scale()) > MOST_DIGITS;
    return large ? node.asDouble(0) % step.asDouble(1) == 0 : number.remainder(of).signum() == 0;
  }

  private static void text(String text, JsonNode schema, String path, List<FieldError> errors) {
    JsonNode shown = Json.mapper().getNodeFactory().stringNode(text);
    int length = text.codePointCount(0, text.length());
    if (length < schema.path("minLength").asInt(0)) {
      String rule = "should be at least " + schema.path("minLength").asString("") + " chars long";
      invalid(path, shown, rule, errors);
    }
    if (length > schema.path("maxLength").asInt(Integer.MAX_VALUE)) {
      errors.add(
          new FieldError(
              path,
              FieldError.TOO_LONG,
              "Too long: may not be more than "
                  + schema.path("maxLength").asString("")
                  + " bytes"));
    }
    String pattern = Json.text(schema, "pattern");
    if (!pattern.isEmpty() && !matches(pattern, text)) {
      invalid(path, shown, "should match '" + pattern + "'", errors);
    }
  }

  /// One that Java cannot read allows everything; a text that is too long for one does not match.
  private static boolean matches(String pattern, String text) {
    try {
      return Pattern.compile(pattern).matcher(text).find();
    } catch (PatternSyntaxException e) {
      return true;
    } catch (StackOverflowError e) {
      return false;
    }
  }

  private static void list(JsonNode list, JsonNode schema, String path, List<FieldError> errors) {
    count(list.size(), schema, "Items", path, "items", errors);
    String kind = Json.text(schema, "x-kubernetes-list-type");
    if (kind.equals("set") || schema.path("uniqueItems").asBoolean(false)) {
      unique(list, path, each -> each, errors);
    } else if (kind.equals("map")) {
      JsonNode keys = schema.path("x-kubernetes-list-map-keys");
      unique(list, path, each -> keysOf(each, keys), errors);
    }
    for (int i = 0; i < list.size(); i++) {
      value(list.path(i), schema.path("items"), path + "[" + i + "]", errors);
    }
  }

  private interface Identity {
    JsonNode of(JsonNode element);
  }

  private static JsonNode keysOf(JsonNode element, JsonNode keys) {
    var identity = Json.object();
    keys.forEach(key -> identity.set(key.asString(""), element.path(key.asString(""))));
    return identity;
  }

  private static void unique(
      JsonNode list, String path, Identity identity, List<FieldError> errors) {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < list.size(); i++) {
      String shown = Json.string(identity.of(list.path(i)));
      if (!seen.add(shown)) {
        errors.add(
            new FieldError(
                path + "[" + i + "]", FieldError.DUPLICATE, "Duplicate value: " + shown));
      }
    }
  }

  private static void object(JsonNode node, JsonNode schema, String path, List<FieldError> errors) {
    count(node.size(), schema, "Properties", path, "properties", errors);
    JsonNode properties = schema.path("properties");
    for (var property : node.properties()) {
      JsonNode of =
          properties.has(property.getKey())
              ? properties.path(property.getKey())
              : schema.path("additionalProperties");
      value(property.getValue(), of, path + "." + property.getKey(), errors);
    }
  }

  private static void count(
      int size, JsonNode schema, String word, String path, String what, List<FieldError> errors) {
    JsonNode shown = Json.mapper().getNodeFactory().numberNode(size);
    if (size < schema.path("min" + word).asInt(0)) {
      invalid(
          path,
          shown,
          "should have at least " + schema.path("min" + word).asString("") + " " + what,
          errors);
    }
    if (size > schema.path("max" + word).asInt(Integer.MAX_VALUE)) {
      errors.add(
          new FieldError(
              path,
              "FieldValueTooMany",
              "Too many: "
                  + size
                  + ": must have at most "
                  + schema.path("max" + word).asString("")
                  + " "
                  + what));
    }
  }

  private static void combined(
      JsonNode node, JsonNode schema, String path, List<FieldError> errors) {
    schema.path("allOf").forEach(each -> value(node, each, path, errors));
    Predicate<JsonNode> fits = each -> fits(node, each);
    if (!schema.path("anyOf").isEmpty() && schema.path("anyOf").valueStream().noneMatch(fits)) {
      invalid(path, node, "must validate at least one schema (anyOf)", errors);
    }
    long one = schema.path("oneOf").valueStream().filter(fits).count();
    if (!schema.path("oneOf").isEmpty() && one != 1) {
      String rule = "must validate one and only one schema (oneOf)";
      invalid(path, node, rule + ". Found " + (one == 0 ? "none valid" : one + " valid"), errors);
    }
    if (schema.path("not").isObject() && fits(node, schema.path("not"))) {
      invalid(path, node, "must not validate the schema (not)", errors);
    }
  }

  /// Inside of a combination a schema also says of which type a value is and what it must have.
  private static boolean fits(JsonNode node, JsonNode schema) {
    List<FieldError> errors = new ArrayList<>();
    value(node, schema, "", errors);
    boolean complete =
        !node.isObject()
            || schema.path("required").valueStream().allMatch(name -> node.has(name.asString("")));
    return errors.isEmpty() && complete && isOfType(node, Json.text(schema, "type"));
  }

  private static boolean isOfType(JsonNode node, String type) {
    return switch (type) {
      case "string" -> node.isString();
      case "integer" -> node.isIntegralNumber();
      case "number" -> node.isNumber();
      case "boolean" -> node.isBoolean();
      case "array" -> node.isArray();
      case "object" -> node.isObject();
      default -> true;
    };
  }
}
