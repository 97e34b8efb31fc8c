package dev.berth.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// Which labels an object must have: every requirement holds. Read from text (`a=b,c!=d,e in
/// (x,y),!f`) or from the object form (`matchLabels`, `matchExpressions`). An absent object selects
/// nothing, an empty one everything.
public record LabelSelector(List<Requirement> requirements) {
  public static final LabelSelector EVERYTHING = new LabelSelector(List.of());
  public static final LabelSelector NOTHING =
      new LabelSelector(List.of(new Requirement("", Operator.IN, Set.of())));

  private static final Pattern TERM =
      Pattern.compile(
          "\\s*(?:!\\s*(?<absent>[^\\s,=!()]+)"
              + "|(?<key>[^\\s,=!()]+)\\s*(?:(?<op>==|=|!=)\\s*(?<value>[^\\s,=!()]*)"
              + "|\\s(?<set>in|notin)\\s*\\((?<values>[^()]*)\\))?)\\s*(?:,|$)");

  public enum Operator {
    IN,
    NOT_IN,
    EXISTS,
    DOES_NOT_EXIST
  }

  public record Requirement(String key, Operator operator, Set<String> values) {
    public Requirement {
      values = Set.copyOf(values);
    }

    public boolean matches(Map<String, String> labels) {
      String value = labels.get(key);
      return switch (operator) {
        case IN -> value != null && values.contains(value);
        case NOT_IN -> value == null || !values.contains(value);
        case EXISTS -> value != null;
        case DOES_NOT_EXIST -> value == null;
      };
    }

    @Override
    public String toString() {
      SortedSet<String> sorted = new TreeSet<>(values);
      return switch (operator) {
        case IN ->
            sorted.size() == 1
                ? key + "=" + sorted.first()
                : key + " in (" + String.join(",", sorted) + ")";
        case NOT_IN ->
            sorted.size() == 1
                ? key + "!=" + sorted.first()
                : key + " notin (" + String.join(",", sorted) + ")";
        case EXISTS -> key;
        case DOES_NOT_EXIST -> "!" + key;
      };
    }
  }

  public LabelSelector {
    requirements = List.copyOf(requirements);
  }

  public static LabelSelector of(Map<String, String> labels) {
    return new LabelSelector(
        new java.util.TreeMap<>(labels)
            .entrySet().stream()
                .map(e -> new Requirement(e.getKey(), Operator.IN, Set.of(e.getValue())))
                .toList());
  }

  public static LabelSelector parse(String text) {
    List<Requirement> requirements = new ArrayList<>();
    Matcher term = TERM.matcher(text);
    int position = 0;
    while (position < text.length()) {
      if (!term.region(position, text.length()).lookingAt()) {
        throw new IllegalArgumentException(
            "unable to parse label selector \"" + text + "\" at position " + position);
      }
      requirements.add(requirement(term));
      position = term.end();
    }
    return new LabelSelector(requirements);
  }

  private static Requirement requirement(Matcher term) {
    if (term.group("absent") != null) {
      return checked(new Requirement(term.group("absent"), Operator.DOES_NOT_EXIST, Set.of()));
    }
    String key = term.group("key");
    if (term.group("op") != null) {
      Operator operator = term.group("op").equals("!=") ? Operator.NOT_IN : Operator.IN;
      return checked(new Requirement(key, operator, Set.of(term.group("value"))));
    }
    if (term.group("set") != null) {
      Operator operator = term.group("set").equals("in") ? Operator.IN : Operator.NOT_IN;
      return checked(new Requirement(key, operator, values(term.group("values"))));
    }
    return checked(new Requirement(key, Operator.EXISTS, Set.of()));
  }

  private static Set<String> values(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(String::strip)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static Requirement checked(Requirement requirement) {
    if (!Names.isQualified(requirement.key())) {
      throw new IllegalArgumentException("invalid label key \"" + requirement.key() + "\"");
    }
    for (String value : requirement.values()) {
      if (!Names.isLabelValue(value)) {
        throw new IllegalArgumentException("invalid label value \"" + value + "\"");
      }
    }
    return requirement;
  }

  /// The object form. Absent selects nothing, as a selector that was never set must not adopt the
  /// world.
  public static LabelSelector of(JsonNode selector) {
    if (!selector.isObject()) {
      return NOTHING;
    }
    List<Requirement> requirements =
        new ArrayList<>(of(Json.strings(selector.path("matchLabels"))).requirements());
    for (JsonNode expression : selector.path("matchExpressions")) {
      requirements.add(expression(expression));
    }
    return new LabelSelector(requirements);
  }

  private static Requirement expression(JsonNode expression) {
    Set<String> values = new LinkedHashSet<>();
    expression.path("values").forEach(value -> values.add(value.asString("")));
    Operator operator =
        switch (Json.text(expression, "operator")) {
          case "In" -> Operator.IN;
          case "NotIn" -> Operator.NOT_IN;
          case "Exists" -> Operator.EXISTS;
          case "DoesNotExist" -> Operator.DOES_NOT_EXIST;
          default ->
              throw new IllegalArgumentException(
                  "\""
                      + Json.text(expression, "operator")
                      + "\" is not a valid label selector operator");
        };
    return new Requirement(Json.text(expression, "key"), operator, values);
  }

  public boolean matches(Map<String, String> labels) {
    return requirements.stream().allMatch(requirement -> requirement.matches(labels));
  }

  public boolean isEverything() {
    return requirements.isEmpty();
  }

  @Override
  public String toString() {
    return requirements.stream().map(Requirement::toString).collect(Collectors.joining(","));
  }
}
