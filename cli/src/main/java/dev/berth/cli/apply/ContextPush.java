package dev.berth.cli.apply;

import dev.berth.api.Digest;
import dev.berth.api.build.ContextArtifact;
import dev.berth.cli.pack.ContextPacker;
import dev.berth.cli.pack.PackedContext;
import dev.berth.client.Registry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Packs a build context and brings it to the cluster's registry as an artifact. The artifact's
/// digest is a function of the files, so an unchanged context is found there and not sent again.
final class ContextPush {
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

  /// What a push would answer, without one: packing gives the same bytes each time.
  static Digest digest(Path folder, String script) throws IOException {
    Path archive = Files.createTempFile("berth-context-", ".tar.gz");
    try {
      return artifact(new ContextPacker(folder, script).pack(archive)).digest();
    } finally {
      Files.delete(archive);
    }
  }

  private static ContextArtifact artifact(PackedContext packed) {
    return new ContextArtifact(Digest.parse(packed.digest()), packed.bytes());
  }

  private Pushed push(PackedContext packed, String repository) throws IOException {
    ContextArtifact artifact = artifact(packed);
    String digest = artifact.digest().toString();
    boolean known = registry.headManifest(repository, digest).isPresent();
    if (!known) {
      byte[] empty = ContextArtifact.configuration();
      registry.uploadBlob(
          repository, Digest.sha256(empty), empty.length, () -> new ByteArrayInputStream(empty));
      registry.uploadBlob(
          repository, artifact.archive(), packed.bytes(), () -> open(packed.archive()));
      registry.putManifest(repository, digest, ContextArtifact.MANIFEST_TYPE, artifact.manifest());
    }
    return new Pushed(artifact.digest(), packed.bytes(), packed.files(), known);
  }

  private static InputStream open(Path file) {
    try {
      return Files.newInputStream(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
