package dev.berth.gitops.render;

import dev.berth.api.Json;
import dev.berth.api.codec.Manifest;
import dev.berth.gitops.source.CommitFiles.Entry;
import dev.berth.gitops.source.CommitFiles.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A folder with a `kustomization.yaml`: the part of kustomize that people use to make one set of
/// manifests fit several environments. Resources are files and folders of the same repository.
/// Fields that are not among these are refused by name. The order: resources, generators, patches,
/// replicas, images, labels, annotations, namespace, names; the hashes of generated names at last.
final class Kustomization {
  private static final List<String> NAMES =
      List.of("kustomization.yaml", "kustomization.yml", "Kustomization");
  private static final int DEEPEST = 20;
  private static final Set<String> FIELDS =
      new TreeSet<>(
          List.of(
              "apiVersion",
              "kind",
              "metadata",
              "resources",
              "bases",
              "patches",
              "patchesStrategicMerge",
              "patchesJson6902",
              "configMapGenerator",
              "secretGenerator",
              "generatorOptions",
              "images",
              "namePrefix",
              "nameSuffix",
              "namespace",
              "labels",
              "commonLabels",
              "commonAnnotations",
              "replicas"));

  private final ManifestReader reader;
  private final List<String> path = new ArrayList<>();

  Kustomization(ManifestReader reader) {
    this.reader = reader;
  }

  /// The file that makes a folder a kustomization.
  static Optional<Entry> in(ManifestReader reader, String folder) throws IOException {
    for (String name : NAMES) {
      Optional<Entry> found = reader.files().find(folder.isEmpty() ? name : folder + "/" + name);
      if (found.isPresent() && found.get().kind() != Kind.FOLDER) {
        return found;
      }
    }
    return Optional.empty();
  }

  List<Item> build(String folder) throws IOException {
    List<Built> all = read(folder);
    References.rename(all, Built::hashed);
    return all.stream().map(built -> new Item(built.object(), built.place())).toList();
  }

  private List<Built> read(String folder) throws IOException {
    Optional<Entry> file = in(reader, folder);
    if (file.isEmpty()) {
      reader.problem(folder + ": a folder without kustomization.yaml");
      return new ArrayList<>();
    }
    if (path.contains(folder) || path.size() >= DEEPEST) {
      reader.problem(file.get().path() + ": resources lead in a circle: " + path);
      return new ArrayList<>();
    }
    path.add(folder);
    try {
      List<Manifest> documents = reader.documents(file.get());
      return documents.size() == 1
          ? layer(folder, file.get().path(), documents.getFirst().tree())
          : new ArrayList<>();
    } finally {
      path.removeLast();
    }
  }

  private List<Built> layer(String folder, String file, ObjectNode spec) throws IOException {
    for (String field : spec.propertyNames()) {
      if (!FIELDS.contains(field)) {
        reader.problem(
            file + ": " + field + " of kustomize is not supported; supported are " + FIELDS);
      }
    }
    Layer layer = new Layer(reader, folder, file, spec);
    List<Built> all = new ArrayList<>();
    for (String field : List.of("resources", "bases")) {
      for (JsonNode each : spec.path(field)) {
        all.addAll(resource(layer, each.asString("")));
      }
    }
    all.addAll(Generators.generate(layer));
    Patches.apply(layer, all);
    Transforms.apply(spec, all);
    return all;
  }

  private List<Built> resource(Layer layer, String name) throws IOException {
    Optional<Entry> entry = layer.find(name);
    if (entry.isEmpty()) {
      return List.of();
    }
    if (entry.get().kind() == Kind.FOLDER) {
      return read(entry.get().path());
    }
    return reader.items(entry.get(), true).stream()
        .map(item -> new Built(Json.deepCopy(item.object()), item.place(), false))
        .toList();
  }

  /// One kustomization on its way.
  record Layer(ManifestReader reader, String folder, String file, ObjectNode spec) {

    void problem(String text) {
      reader.problem(file + ": " + text);
    }

    /// A file or folder of the repository; a problem is noted where it is none.
    Optional<Entry> find(String name) throws IOException {
      Optional<String> resolved = Paths.resolve(folder, name);
      if (resolved.isEmpty() || name.contains("?ref=")) {
        problem(name + " is not inside the repository: only its own files are read");
        return Optional.empty();
      }
      Optional<Entry> found = reader.files().find(resolved.get());
      if (found.isEmpty()) {
        problem(name + " is not in the commit");
      } else if (found.get().kind() == Kind.LINK || found.get().kind() == Kind.SUBMODULE) {
        problem(name + " is a link or a submodule: put the file itself here");
        return Optional.empty();
      }
      return found;
    }

    Optional<Entry> file(String name) throws IOException {
      Optional<Entry> found = find(name);
      if (found.filter(entry -> entry.kind() == Kind.FOLDER).isPresent()) {
        problem(name + " is a folder");
        return Optional.empty();
      }
      return found;
    }
  }
}
