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
import java.util.Locale;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The pages of our own kinds below `docs/reference` are what their schemas say, and their examples
/// are accepted. `-Dberth.refresh=true` writes them.
class OwnKindPagesTest {
  /// A page, and the kind that it is about.
  enum Page {
    MODELAPP,
    GITREPOSITORY;

    ObjectType kind() {
      return switch (this) {
        case MODELAPP -> OwnKinds.MODEL_APP;
        case GITREPOSITORY -> GitKinds.GIT_REPOSITORY;
      };
    }

    Path file() {
      return Path.of("..", "docs", "reference", name().toLowerCase(Locale.ROOT) + ".md");
    }
  }

  private static final Pattern FIELDS =
      Pattern.compile("(<!-- fields: .*? -->\n)(.*?)(<!-- end of fields -->)", Pattern.DOTALL);
  private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

  @ParameterizedTest
  @EnumSource(Page.class)
  void pageIsWhatTheSchemaSays(Page of) throws IOException {
    String page = Files.readString(of.file());
    String expected = FIELDS.matcher(page).replaceFirst(found -> quoted(found, of.kind()));
    if (Boolean.getBoolean("berth.refresh")) {
      Files.writeString(of.file(), expected);
      page = expected;
    }
    assertEquals(expected, page, "stale page: run this test with -Dberth.refresh=true");
  }

  private static String quoted(MatchResult found, ObjectType kind) {
    return java.util.regex.Matcher.quoteReplacement(found.group(1) + fields(kind) + found.group(3));
  }

  @ParameterizedTest
  @EnumSource(Page.class)
  void everyExampleIsAccepted(Page of) throws IOException {
    List<String> examples =
        YAML.matcher(Files.readString(of.file())).results().map(found -> found.group(1)).toList();
    assertFalse(examples.isEmpty());
    for (String example : examples) {
      byte[] text = example.getBytes(StandardCharsets.UTF_8);
      Manifests.parse("example.yaml", text)
          .forEach(manifest -> assertEquals(List.of(), StrictDecoder.check(manifest)));
    }
  }

  private static String fields(ObjectType kind) {
    StringBuilder text = new StringBuilder();
    ObjectType spec = (ObjectType) kind.field("spec").orElseThrow().type();
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
            case INTEGER, INT32 -> "integer";
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
