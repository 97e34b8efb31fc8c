package dev.berth.gitops.render;

import dev.berth.api.Json;
import dev.berth.gitops.source.CommitFiles.Entry;
import dev.berth.gitops.source.CommitFiles.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// Every manifest below a folder: `.yaml` and `.yml` have to be manifests, `.json` may be. What
/// belongs to the build context of a ModelApp that was found is code and is not looked at.
final class PlainFolder {
  private final ManifestReader reader;
  private final Exclusion exclusion;

  PlainFolder(ManifestReader reader, Exclusion exclusion) {
    this.reader = reader;
    this.exclusion = exclusion;
  }

  /// Folders are read from the top, so that a ModelApp is known before its context is entered.
  List<Item> read(String root) throws IOException {
    Map<String, List<Entry>> byFolder = byFolder(root);
    Set<String> contexts = new TreeSet<>();
    List<Item> items = new ArrayList<>();
    for (Map.Entry<String, List<Entry>> folder : byFolder.entrySet()) {
      if (isWithin(folder.getKey(), contexts)) {
        continue;
      }
      for (Entry entry : folder.getValue()) {
        List<Item> found = read(entry);
        items.addAll(found);
        found.forEach(item -> contexts.addAll(contexts(item)));
      }
    }
    return items;
  }

  private Map<String, List<Entry>> byFolder(String root) throws IOException {
    List<Entry> all = reader.files().list(root, path -> !exclusion.excludes(path, true));
    Map<String, List<Entry>> unsorted = new LinkedHashMap<>();
    for (Entry entry : all) {
      if (entry.kind() != Kind.FOLDER && !exclusion.excludes(entry.path(), false)) {
        unsorted.computeIfAbsent(folder(entry.path()), key -> new ArrayList<>()).add(entry);
      }
    }
    Map<String, List<Entry>> sorted = new LinkedHashMap<>();
    unsorted.keySet().stream()
        .sorted(
            java.util.Comparator.<String>comparingLong(PlainFolder::depth)
                .thenComparing(java.util.Comparator.naturalOrder()))
        .forEach(folder -> sorted.put(folder, unsorted.getOrDefault(folder, List.of())));
    return sorted;
  }

  private static long depth(String folder) {
    return folder.isEmpty() ? 0 : 1 + folder.chars().filter(c -> c == '/').count();
  }

  private static String folder(String path) {
    int slash = path.lastIndexOf('/');
    return slash < 0 ? "" : path.substring(0, slash);
  }

  private static boolean isWithin(String folder, Set<String> contexts) {
    return contexts.stream()
        .anyMatch(context -> folder.equals(context) || folder.startsWith(context + "/"));
  }

  private List<Item> read(Entry entry) throws IOException {
    boolean yaml = entry.name().endsWith(".yaml") || entry.name().endsWith(".yml");
    if (entry.kind() == Kind.SUBMODULE) {
      reader.problem(entry.path() + ": a submodule, whose files are not fetched: exclude it");
      return List.of();
    }
    if (!yaml && !entry.name().endsWith(".json")) {
      return List.of();
    }
    if (entry.kind() == Kind.LINK) {
      reader.problem(entry.path() + ": a symbolic link: put the file itself here, or exclude it");
      return List.of();
    }
    return reader.checkedItems(entry, yaml);
  }

  /// Folders below that of the ModelApp; one that builds from its own folder hides nothing.
  private static Set<String> contexts(Item item) {
    Set<String> found = new TreeSet<>();
    if (Json.text(item.object(), "kind").equals("ModelApp")) {
      for (String part : List.of("model", "app")) {
        JsonNode context = Json.at(item.object(), "spec", part, "build", "context");
        if (context.isString()) {
          Paths.resolve(item.folder(), context.stringValue())
              .filter(path -> !path.equals(item.folder()) && !path.isEmpty())
              .ifPresent(found::add);
        }
      }
    }
    return found;
  }
}
