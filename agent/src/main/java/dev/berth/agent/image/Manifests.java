package dev.berth.agent.image;

import dev.berth.api.Digest;
import dev.berth.api.Json;
import dev.berth.api.Reason;
import dev.berth.client.Registry;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// From a manifest or an index to the manifest for this machine, in OCI's and Docker's media types.
final class Manifests {
  static final String SOURCE = "dev.berth.image.source";
  private static final int MAX_NESTING = 3;

  private Manifests() {}

  /// The image manifest itself; an index is followed to this host's platform.
  static Registry.Manifest forPlatform(
      Registry registry, String repository, Registry.Manifest found) throws IOException {
    Registry.Manifest at = found;
    for (int depth = 0; depth < MAX_NESTING; depth++) {
      JsonNode tree = at.tree();
      if (tree.has("config") && tree.has("layers")) {
        return at;
      }
      if (!tree.has("manifests")) {
        throw new IOException(
            "unknown kind of manifest ("
                + at.mediaType()
                + "); Docker's schema 1 is not supported");
      }
      Digest next =
          select(tree)
              .orElseThrow(
                  () ->
                      new ImageException(
                          Reason.WRONG_PLATFORM,
                          "the image has " + platforms(tree) + ", wanted is " + Platform.HOST));
      at =
          registry
              .manifest(repository, next.toString())
              .orElseThrow(() -> new IOException("the registry lacks the manifest " + next));
    }
    throw new IOException("indexes nested more than " + MAX_NESTING + " deep");
  }

  /// The first entry that fits wins; entries of unknown kinds and attestations are passed over.
  static Optional<Digest> select(JsonNode index) {
    return index
        .path("manifests")
        .valueStream()
        .filter(entry -> platform(entry.path("platform")).fits(Platform.HOST))
        .map(entry -> Digest.parse(entry.path("digest").asString()))
        .findFirst();
  }

  private static String platforms(JsonNode index) {
    return index
        .path("manifests")
        .valueStream()
        .map(entry -> platform(entry.path("platform")).toString())
        .filter(p -> !p.contains("unknown"))
        .distinct()
        .collect(Collectors.joining(", "));
  }

  /// Of an index's entry or of an image's config, which name it alike.
  static Platform platform(JsonNode tree) {
    return new Platform(Json.text(tree, "os"), Json.text(tree, "architecture"));
  }

  static boolean substitute(Registry.Manifest manifest) {
    return Json.text(manifest.tree(), "annotations", SOURCE).startsWith("bootstrap");
  }
}
