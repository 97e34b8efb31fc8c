package dev.berth.agent.image;

import dev.berth.api.Digest;
import dev.berth.api.Json;
import dev.berth.client.Registry;
import java.io.IOException;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// From a manifest or an index to the manifest for this machine, in OCI's and Docker's media types.
final class Manifests {
  static final String SOURCE = "dev.berth.image.source";
  private static final int MAX_NESTING = 3;

  private Manifests() {}

  /// The image manifest itself; an index is followed to linux/amd64.
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
              .orElseThrow(() -> new IOException("the image has no variant for linux/amd64"));
      at =
          registry
              .manifest(repository, next.toString())
              .orElseThrow(() -> new IOException("the registry lacks the manifest " + next));
    }
    throw new IOException("indexes nested more than " + MAX_NESTING + " deep");
  }

  /// The first entry that fits wins; entries of unknown kinds and attestations are passed over.
  static Optional<Digest> select(JsonNode index) {
    for (JsonNode entry : index.path("manifests")) {
      String os = Json.text(entry, "platform", "os");
      String machine = Json.text(entry, "platform", "architecture");
      if ((os.equals("linux") && machine.equals("amd64")) || (os.isEmpty() && machine.isEmpty())) {
        return Optional.of(Digest.parse(entry.path("digest").asString()));
      }
    }
    return Optional.empty();
  }

  static boolean substitute(Registry.Manifest manifest) {
    return Json.text(manifest.tree(), "annotations", SOURCE).startsWith("bootstrap");
  }
}
