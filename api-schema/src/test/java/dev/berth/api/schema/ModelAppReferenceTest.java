package dev.berth.api.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.berth.api.codec.Manifests;
import dev.berth.api.codec.StrictDecoder;
import dev.berth.api.schema.FieldType.AnyType;
import dev.berth.api.schema.FieldType.ListType;
import dev.berth.api.schema.FieldType.MapType;
import dev.berth.api.schema.FieldType.ObjectType;
import dev.berth.api.schema.FieldType.Scalar;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// `docs/reference/modelapp.md` is what the schema says, and its examples are accepted.
/// `-Dberth.refresh=true` writes it.
class ModelAppReferenceTest {
  private static final Path PAGE = Path.of("..", "docs", "reference", "modelapp.md");
  private static final Pattern FIELDS =
      Pattern.compile("(<!-- fields: .*? -->\n)(.*?)(<!-- end of fields -->)", Pattern.DOTALL);
  private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

  @Test
  void pageIsWhatTheSchemaSays() throws IOException {
    String page = Files.readString(PAGE);
    String expected = FIELDS.matcher(page).replaceFirst(found -> quoted(found));
    if (Boolean.getBoolean("berth.refresh")) {
      Files.writeString(PAGE, expected);
      page = expected;
    }
    assertEquals(expected, page, "stale page: run this test with -Dberth.refresh=true");
  }

  private static String quoted(MatchResult found) {
    return java.util.regex.Matcher.quoteReplacement(found.group(1) + fields() + found.group(3));
  }

  @Test
  void everyExampleIsAccepted() throws IOException {
    List<String> examples =
        YAML.matcher(Files.readString(PAGE)).results().map(found -> found.group(1)).toList();
    assertFalse(examples.isEmpty());
    for (String example : examples) {
      byte[] text = example.getBytes(StandardCharsets.UTF_8);
      Manifests.parse("example.yaml", text)
          .forEach(manifest -> assertEquals(List.of(), StrictDecoder.check(manifest)));
    }
  }

  private static String fields() {
    StringBuilder text = new StringBuilder();
    ObjectType spec = (ObjectType) OwnKinds.MODEL_APP.field("spec").orElseThrow().type();
    section(text, "spec", spec);
    return text.append('\n').toString();
  }

  /// A table per object, then those of the objects in it.
  private static void section(StringBuilder text, String path, ObjectType type) {
    text.append("\n### `").append(path).append("`\n\n");
    text.append(
        "| field | type | default | allowed | example | what it is, and what it turns into |\n");
    text.append("|---|---|---|---|---|---|\n");
    type.fields().forEach((name, field) -> text.append(row(name, field)));
    type.fields()
        .forEach(
            (name, field) -> {
              if (field.type() instanceof ObjectType object && isOurs(object)) {
                section(text, path + "." + name, object);
              }
            });
  }

  private static boolean isOurs(ObjectType type) {
    return type.fields().values().stream().anyMatch(field -> !field.description().isEmpty());
  }

  private static String row(String name, Field field) {
    Constraints rules = field.constraints();
    String what = field.description() + rules.becomes().map(b -> " Becomes " + b + ".").orElse("");
    return "| "
        + String.join(
            " | ",
            "`" + name + "`" + (field.required() ? " (required)" : ""),
            typeText(field.type()),
            rules.defaultText().orElse(""),
            allowed(rules),
            rules.example().map(e -> "`" + e + "`").orElse(""),
            what)
        + " |\n";
  }

  private static String allowed(Constraints rules) {
    if (!rules.values().isEmpty()) {
      return rules.values().stream().map(v -> "`" + v + "`").collect(Collectors.joining(", "));
    }
    Optional<String> range =
        rules.minimum().isPresent()
            ? Optional.of(rules.minimum().getAsLong() + " to " + rules.maximum().orElse(0))
            : Optional.empty();
    return range.or(() -> rules.pattern().map(p -> "`" + p.replace("|", "\\|") + "`")).orElse("");
  }

  private static String typeText(FieldType type) {
    return switch (type) {
      case ObjectType object -> isOurs(object) ? "object" : "object: " + names(object);
      case ListType list when list.element() instanceof ObjectType element ->
          "list of objects: " + names(element);
      case ListType list -> "list of " + typeText(list.element());
      case MapType map -> "map to " + typeText(map.value());
      case AnyType _ -> "anything";
      case Scalar scalar ->
          switch (scalar) {
            case STRING, BYTES -> "text";
            case INTEGER -> "integer";
            case NUMBER -> "number";
            case BOOLEAN -> "true or false";
            case QUANTITY -> "quantity";
            case INT_OR_STRING -> "integer or text";
            case TIME -> "time";
            case DURATION -> "duration";
          };
    };
  }

  private static String names(ObjectType type) {
    return type.fields().keySet().stream()
        .map(n -> "`" + n + "`")
        .collect(Collectors.joining(", "));
  }
}
