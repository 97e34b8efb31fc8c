package dev.berth.dashboard.images;

import dev.berth.api.Json;
import dev.berth.dashboard.port.ImageCatalog.Manifest;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// One tag of the repository.
///
/// @param digest of what the tag names, which may be an index of platforms
/// @param manifest of this platform's image
record StoredImage(String repository, String tag, String digest, Manifest manifest) {
  private static final String SOURCE = "dev.berth.image.source";
  private static final String DOCKER_HUB = "docker.io";

  String name() {
    return repository + ":" + tag;
  }

  List<JsonNode> layers() {
    return manifest.tree().path("layers").valueStream().toList();
  }

  /// In bytes, as it travels: compressed.
  long size() {
    return layers().stream().mapToLong(layer -> layer.path("size").asLong(0)).sum()
        + Json.at(manifest.tree(), "config", "size").asLong(0);
  }

  String configDigest() {
    return Json.text(manifest.tree(), "config", "digest");
  }

  /// A copy from the Hub keeps its bytes, and so its digest: it cannot carry a note of ours.
  String source() {
    Optional<String> noted = Json.optional(manifest.tree(), "annotations", SOURCE);
    return noted.orElse(repository.startsWith(DOCKER_HUB + "/") ? DOCKER_HUB : "built here");
  }

  /// The first part of the name, where it can be a namespace's.
  String namespace() {
    int slash = repository.indexOf('/');
    String first = slash < 0 ? "" : repository.substring(0, slash);
    return first.contains(".") || first.contains(":") ? "" : first;
  }
}
