package dev.berth.cli.apply;

import dev.berth.api.Digest;
import dev.berth.api.Json;
import dev.berth.cli.pack.ContextPacker;
import dev.berth.cli.pack.PackedContext;
import dev.berth.client.Registry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.node.ObjectNode;

/// Packs a build context and brings it to the cluster's registry as an artifact. The artifact's
/// digest is a function of the files, so an unchanged context is found there and not sent again.
final class ContextPush {
  static final String ARTIFACT_TYPE = "application/vnd.berth.build-context.v1";
  private static final String MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
  private static final String LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar+gzip";
  private static final String EMPTY_TYPE = "application/vnd.oci.empty.v1+json";
  private static final byte[] EMPTY = "{}".getBytes(StandardCharsets.UTF_8);

  /// What was packed, and whether the registry had it already.
  record Pushed(Digest digest, long bytes, long files, boolean known) {}

  private final Registry registry;

  ContextPush(Registry registry) {
    this.registry = registry;
  }

  Pushed push(Path folder, String script, String repository) throws IOException {
    Path archive = Files.createTempFile("berth-context-", ".tar.gz");
    try {
      return push(new ContextPacker(folder, script).pack(archive), repository);
    } finally {
      Files.delete(archive);
    }
  }

  private Pushed push(PackedContext packed, String repository) throws IOException {
    byte[] manifest = Json.canonical(manifest(packed));
    Digest digest = Digest.sha256(manifest);
    boolean known = registry.headManifest(repository, digest.toString()).isPresent();
    if (!known) {
      registry.uploadBlob(
          repository, Digest.sha256(EMPTY), EMPTY.length, () -> new ByteArrayInputStream(EMPTY));
      registry.uploadBlob(
          repository, Digest.parse(packed.digest()), packed.bytes(), () -> open(packed.archive()));
      registry.putManifest(repository, digest.toString(), MANIFEST_TYPE, manifest);
    }
    return new Pushed(digest, packed.bytes(), packed.files(), known);
  }

  private static ObjectNode manifest(PackedContext packed) {
    ObjectNode manifest =
        Json.object()
            .put("schemaVersion", 2)
            .put("mediaType", MANIFEST_TYPE)
            .put("artifactType", ARTIFACT_TYPE);
    manifest.set("config", descriptor(EMPTY_TYPE, Digest.sha256(EMPTY).toString(), EMPTY.length));
    manifest.putArray("layers").add(descriptor(LAYER_TYPE, packed.digest(), packed.bytes()));
    return manifest;
  }

  private static ObjectNode descriptor(String type, String digest, long size) {
    return Json.object().put("mediaType", type).put("digest", digest).put("size", size);
  }

  private static InputStream open(Path file) {
    try {
      return Files.newInputStream(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
