package dev.berth.gitops.render;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.berth.api.GroupVersionKind;
import dev.berth.api.Json;
import dev.berth.api.LabelSelector;
import dev.berth.api.codec.Manifest;
import dev.berth.api.codec.ManifestException;
import dev.berth.api.codec.Manifests;
import dev.berth.api.schema.JsonPatch;
import dev.berth.api.schema.KindSchema;
import dev.berth.api.schema.MergePatch;
import dev.berth.api.schema.PatchException;
import dev.berth.api.schema.Schemas;
import dev.berth.api.schema.StrategicMerge;
import dev.berth.gitops.render.Kustomization.Layer;
import dev.berth.gitops.source.CommitFiles.Entry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Strategic and JSON patches, from files or inline. A patch that fits nothing is a problem.
final class Patches {
  private static final Set<String> FIELDS = Set.of("path", "patch", "target");
  private static final Set<String> TARGET =
      Set.of("group", "version", "kind", "name", "namespace", "labelSelector");

  private final Layer layer;
  private final List<Built> all;

  private Patches(Layer layer, List<Built> all) {
    this.layer = layer;
    this.all = all;
  }

  static void apply(Layer layer, List<Built> all) throws IOException {
    Patches patches = new Patches(layer, all);
    for (JsonNode each : layer.spec().path("patchesStrategicMerge")) {
      String text = each.asString("");
      boolean inline = text.contains("\n");
      patches.text(
          inline ? text : patches.file(text), Json.object(), inline ? "an inline patch" : text);
    }
    for (String field : List.of("patches", "patchesJson6902")) {
      for (JsonNode each : layer.spec().path(field)) {
        patches.entry(each);
      }
    }
  }

  private void entry(JsonNode entry) throws IOException {
    for (String field : entry.propertyNames()) {
      if (!FIELDS.contains(field)) {
        layer.problem(field + " of a patch is not supported");
      }
    }
    JsonNode target = entry.path("target");
    for (String field : target.propertyNames()) {
      if (!TARGET.contains(field)) {
        layer.problem(field + " of a patch's target is not supported");
      }
    }
    String path = Json.text(entry, "path");
    text(
        path.isEmpty() ? Json.text(entry, "patch") : file(path),
        target,
        path.isEmpty() ? "an inline patch" : path);
  }

  private String file(String name) throws IOException {
    Optional<Entry> entry = layer.file(name);
    return entry.isPresent()
        ? new String(layer.reader().text(entry.get()), StandardCharsets.UTF_8)
        : "";
  }

  private void text(String text, JsonNode target, String what) throws IOException {
    if (text.isBlank()) {
      return;
    }
    boolean operations = text.stripLeading().startsWith("-") || text.stripLeading().startsWith("[");
    boolean separator = text.stripLeading().startsWith("---");
    try {
      if (operations && !separator) {
        operations(text, target, what);
      } else {
        for (Manifest document : parse(text)) {
          merge(document.tree(), target, what);
        }
      }
    } catch (ManifestException e) {
      layer.problem(what + ": " + String.join("\n", ManifestReader.problems(e)));
    } catch (PatchException e) {
      layer.problem(what + " does not fit: " + e.getMessage());
    }
  }

  private List<Manifest> parse(String text) {
    return Manifests.parse(layer.file(), text.getBytes(StandardCharsets.UTF_8));
  }

  /// A list is no manifest: it is read as a field of one.
  private void operations(String text, JsonNode target, String what) throws IOException {
    JsonNode list = parse("operations:\n" + text).getFirst().tree().path("operations");
    if (target.isEmpty()) {
      layer.problem(what + ": a JSON patch needs a target");
      return;
    }
    for (Built built : fitting(target, what)) {
      replace(built.object(), JsonPatch.apply(built.object(), list));
    }
  }

  private void merge(ObjectNode patch, JsonNode target, String what) throws IOException {
    boolean deletes = Json.text(patch, "$patch").equals("delete");
    for (Built built : fitting(target.isEmpty() ? identity(patch) : target, what)) {
      if (deletes) {
        all.remove(built);
      } else {
        ObjectNode own = Json.deepCopy(patch);
        own.put("apiVersion", Json.text(built.object(), "apiVersion"));
        own.put("kind", built.kind());
        Json.meta(own).put("name", built.name()).remove("namespace");
        replace(built.object(), merged(built.object(), own));
      }
    }
  }

  private static JsonNode merged(ObjectNode object, ObjectNode patch) {
    Optional<KindSchema> schema =
        Schemas.of(GroupVersionKind.of(object)).filter(KindSchema::hasStrategicMerge);
    return schema.isPresent()
        ? StrategicMerge.apply(object, patch, schema.get().root())
        : MergePatch.apply(object, patch);
  }

  private void replace(ObjectNode object, JsonNode patched) throws IOException {
    layer.reader().budget().values(Budget.valuesOf(patched) - Budget.valuesOf(object));
    object.removeAll();
    object.setAll((ObjectNode) patched);
  }

  private static ObjectNode identity(ObjectNode patch) {
    GroupVersionKind gvk = GroupVersionKind.of(patch);
    ObjectNode target = Json.object().put("group", gvk.group()).put("kind", gvk.kind());
    return target.put("name", Json.name(patch));
  }

  private List<Built> fitting(JsonNode target, String what) {
    List<Built> fitting = all.stream().filter(built -> fits(built.object(), target, what)).toList();
    if (fitting.isEmpty()) {
      layer.problem(what + " fits no object: " + Json.string(target));
    }
    return fitting;
  }

  private boolean fits(ObjectNode object, JsonNode target, String what) {
    GroupVersionKind gvk = GroupVersionKind.of(object);
    try {
      return is(target, "group", gvk.group())
          && is(target, "version", gvk.version())
          && is(target, "kind", gvk.kind())
          && is(target, "name", Json.name(object))
          && is(target, "namespace", Json.namespace(object))
          && LabelSelector.parse(Json.text(target, "labelSelector")).matches(Json.labels(object));
    } catch (IllegalArgumentException | PatternSyntaxException e) {
      layer.problem(what + ": its target cannot be read: " + e.getMessage());
      return false;
    }
  }

  /// Anchored regular expressions of RE2, as in kustomize: whoever pushes one cannot make it slow.
  private static boolean is(JsonNode target, String field, String value) {
    return !target.has(field) || Pattern.matches(Json.text(target, field), value);
  }
}
