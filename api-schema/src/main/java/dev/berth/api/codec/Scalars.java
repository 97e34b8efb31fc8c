package dev.berth.api.codec;

import dev.berth.api.Json;
import java.math.BigInteger;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.StringNode;

/// Plain YAML scalars as kubectl reads them: YAML 1.1 booleans, octal and other bases, floats. What
/// looks like a time stays text, and so does a number that no double holds.
final class Scalars {
  private static final Set<String> TRUE =
      Set.of("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON");
  private static final Set<String> FALSE =
      Set.of("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF");
  private static final Set<String> NULL = Set.of("", "~", "null", "Null", "NULL");
  private static final Pattern NOT_FINITE =
      Pattern.compile("[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");
  private static final Pattern FLOAT =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
  private static final Pattern INTEGER =
      Pattern.compile("[-+]?(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)");
  private static final BigInteger MOST = BigInteger.TWO.pow(64);
  private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);
  private static final int LONGEST_NUMBER = 400;

  private Scalars() {}

  static boolean isNotFinite(String text) {
    return NOT_FINITE.matcher(text).matches();
  }

  static JsonNode plain(String text) {
    JsonNodeFactory nodes = Json.mapper().getNodeFactory();
    if (NULL.contains(text)) {
      return nodes.nullNode();
    }
    if (TRUE.contains(text) || FALSE.contains(text)) {
      return nodes.booleanNode(TRUE.contains(text));
    }
    return number(text).orElseGet(() -> StringNode.valueOf(text));
  }

  /// Digits may be grouped by underscores.
  static Optional<JsonNode> number(String text) {
    if (text.length() > LONGEST_NUMBER || text.startsWith("_")) {
      return Optional.empty();
    }
    String digits = text.replace("_", "");
    return integer(digits).or(() -> floating(digits));
  }

  private static Optional<JsonNode> integer(String digits) {
    if (!INTEGER.matcher(digits).matches()) {
      return Optional.empty();
    }
    BigInteger value = parse(digits);
    if (value.compareTo(MOST) >= 0 || value.compareTo(LEAST) < 0) {
      return Optional.empty();
    }
    return Optional.of(
        value.bitLength() < 64
            ? Json.mapper().getNodeFactory().numberNode(value.longValueExact())
            : Json.mapper().getNodeFactory().numberNode(value));
  }

  private static BigInteger parse(String digits) {
    boolean negative = digits.startsWith("-");
    String rest = negative || digits.startsWith("+") ? digits.substring(1) : digits;
    BigInteger value =
        switch (rest.length() > 1 && rest.charAt(0) == '0'
            ? Character.toLowerCase(rest.charAt(1))
            : '1') {
          case 'x' -> new BigInteger(rest.substring(2), 16);
          case 'b' -> new BigInteger(rest.substring(2), 2);
          case 'o' -> new BigInteger(rest.substring(2), 8);
          case '1' -> rest.startsWith("0") ? new BigInteger(rest, 8) : new BigInteger(rest);
          default -> new BigInteger(rest, 8);
        };
    return negative ? value.negate() : value;
  }

  /// A whole float is written as an integer, as Go's JSON does.
  private static Optional<JsonNode> floating(String digits) {
    if (!FLOAT.matcher(digits).matches()) {
      return Optional.empty();
    }
    double value = Double.parseDouble(digits);
    if (!Double.isFinite(value)) {
      return Optional.empty();
    }
    boolean whole = value == Math.rint(value) && Math.abs(value) < 1e15;
    return Optional.of(
        whole
            ? Json.mapper().getNodeFactory().numberNode((long) value)
            : Json.mapper().getNodeFactory().numberNode(value));
  }

  /// A key is text; other scalars are written as text.
  static String key(String text) {
    JsonNode value = plain(text);
    return value.isNull() ? "null" : value.asString();
  }
}
