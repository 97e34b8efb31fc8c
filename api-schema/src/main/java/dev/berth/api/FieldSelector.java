package dev.berth.api;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// Which field values an object must have: `spec.nodeName=a,status.phase!=Failed`. An absent field
/// is the empty text. Which paths a kind offers is the server's decision.
public record FieldSelector(List<Term> terms) {
  public static final FieldSelector EVERYTHING = new FieldSelector(List.of());

  public record Term(String path, String value, boolean negated) {
    public boolean matches(String found) {
      return found.equals(value) != negated;
    }

    @Override
    public String toString() {
      return path + (negated ? "!=" : "=") + escape(value);
    }
  }

  public FieldSelector {
    terms = List.copyOf(terms);
  }

  public static FieldSelector equal(String path, String value) {
    return new FieldSelector(List.of(new Term(path, value, false)));
  }

  public static FieldSelector parse(String text) {
    List<Term> terms = new ArrayList<>();
    for (String part : split(text)) {
      if (!part.isEmpty()) {
        terms.add(term(part, text));
      }
    }
    return new FieldSelector(terms);
  }

  private static Term term(String part, String whole) {
    int equals = part.indexOf('=');
    if (equals <= 0) {
      throw new IllegalArgumentException(
          "invalid field selector \"" + whole + "\": can't understand \"" + part + "\"");
    }
    boolean negated = part.charAt(equals - 1) == '!';
    String path = part.substring(0, negated ? equals - 1 : equals);
    String value = part.substring(equals + 1);
    return new Term(
        path.strip(),
        unescape(!negated && value.startsWith("=") ? value.substring(1) : value),
        negated);
  }

  /// Splits at commas that no backslash guards.
  private static List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\\') {
        i++;
      } else if (text.charAt(i) == ',') {
        parts.add(text.substring(start, i));
        start = i + 1;
      }
    }
    parts.add(text.substring(start));
    return parts;
  }

  private static String unescape(String value) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < value.length(); i++) {
      boolean guarded = value.charAt(i) == '\\' && i + 1 < value.length();
      plain.append(value.charAt(guarded ? ++i : i));
    }
    return plain.toString();
  }

  private static String escape(String value) {
    return value.replace("\\", "\\\\").replace(",", "\\,").replace("=", "\\=");
  }

  public boolean matches(JsonNode object) {
    return matches((String path) -> Json.text(object, path.split("\\.")));
  }

  public boolean matches(Function<String, String> fieldOf) {
    return terms.stream().allMatch(term -> term.matches(fieldOf.apply(term.path())));
  }

  public boolean isEverything() {
    return terms.isEmpty();
  }

  @Override
  public String toString() {
    return terms.stream().map(Term::toString).collect(Collectors.joining(","));
  }
}
