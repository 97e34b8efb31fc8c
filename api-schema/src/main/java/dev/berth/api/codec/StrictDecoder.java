package dev.berth.api.codec;

import dev.berth.api.GroupVersionKind;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.Nearest;
import dev.berth.api.schema.FieldError;
import dev.berth.api.schema.KindSchema;
import dev.berth.api.schema.Schemas;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// Everything that is wrong with a manifest against the schema of its kind, all at once, in the
/// order of the text.
public final class StrictDecoder {
  private StrictDecoder() {}

  public static List<Problem> check(Manifest manifest) {
    Optional<KindSchema> schema = Schemas.of(GroupVersionKind.of(manifest.tree()));
    if (schema.isEmpty()) {
      return List.of(unknownKind(manifest));
    }
    Set<FieldError> errors = new LinkedHashSet<>(schema.get().unknownFields(manifest.tree()));
    errors.addAll(schema.get().validate(named(manifest.tree())));
    return errors.stream()
        .map(error -> manifest.positions().problem(error.field(), error.message()))
        .sorted(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column))
        .toList();
  }

  /// The server will make a name of `generateName`; until then its stand-in must be checked.
  private static ObjectNode named(ObjectNode tree) {
    String prefix = Json.text(tree, "metadata", "generateName");
    if (prefix.isEmpty() || !Json.name(tree).isEmpty()) {
      return tree;
    }
    ObjectNode copy = tree.deepCopy();
    Json.meta(copy).put("name", prefix + "x");
    return copy;
  }

  private static Problem unknownKind(Manifest manifest) {
    String apiVersion = Json.text(manifest.tree(), "apiVersion");
    String kind = Json.text(manifest.tree(), "kind");
    if (apiVersion.isEmpty() || kind.isEmpty()) {
      String absent = apiVersion.isEmpty() ? "apiVersion" : "kind";
      return manifest
          .positions()
          .problem(absent, "required: every document names its apiVersion and kind");
    }
    List<String> versions = versionsOf(kind);
    if (!versions.isEmpty()) {
      return manifest
          .positions()
          .problem(
              "apiVersion",
              kind + " is served as " + String.join(", ", versions) + ", not " + apiVersion);
    }
    List<String> kinds = new ArrayList<>();
    Kinds.all().forEach(type -> kinds.add(type.kind()));
    String hint =
        Nearest.of(kind, kinds)
            .map(nearest -> "; did you mean \"" + nearest + "\"?")
            .orElse("; served are " + kinds.stream().sorted().collect(Collectors.joining(", ")));
    return manifest.positions().problem("kind", "unknown kind \"" + kind + "\"" + hint);
  }

  private static List<String> versionsOf(String kind) {
    return Kinds.all().stream()
        .filter(type -> type.kind().equals(kind))
        .map(type -> type.gvk().apiVersion())
        .toList();
  }
}
