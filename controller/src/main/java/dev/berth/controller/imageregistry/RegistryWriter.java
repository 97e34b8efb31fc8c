package dev.berth.controller.imageregistry;

import dev.berth.api.Digest;
import dev.berth.api.build.ContextArtifact;
import dev.berth.controller.blobs.BlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// Puts build contexts into repositories, for parts of this program: as a push over HTTP would,
/// content first, then the manifest that names it.
public final class RegistryWriter {
  private final Repositories repositories;
  private final BlobStore store;

  /// @param root the folder of the repositories, as of [ImageRegistry]
  public RegistryWriter(Path root, BlobStore store) throws IOException {
    this.repositories = new Repositories(root);
    this.store = store;
  }

  /// Stores the archive, where it is not there yet, as the artifact's one layer.
  ///
  /// @param archive read before this returns
  /// @return the digest of the artifact's manifest
  /// @throws IOException also where the archive is not what its digest says
  public Digest putContext(String repository, Path archive, Digest digest) throws IOException {
    if (!RegistryPath.isRepository(repository)) {
      throw new IOException("not a repository: " + repository);
    }
    ContextArtifact artifact = new ContextArtifact(digest, Files.size(archive));
    byte[] configuration = ContextArtifact.configuration();
    link(repository, Digest.sha256(configuration), configuration);
    putLayer(archive, digest);
    repositories.linkBlob(repository, digest);
    byte[] manifest = artifact.manifest();
    store.put(artifact.digest(), manifest);
    repositories.putManifest(repository, artifact.digest(), ContextArtifact.MANIFEST_TYPE);
    return artifact.digest();
  }

  private void link(String repository, Digest digest, byte[] bytes) throws IOException {
    store.put(digest, bytes);
    repositories.linkBlob(repository, digest);
  }

  private void putLayer(Path archive, Digest digest) throws IOException {
    if (store.find(digest).isPresent()) {
      return;
    }
    BlobStore.Upload upload = store.begin();
    try (InputStream bytes = Files.newInputStream(archive)) {
      upload.append(bytes, Long.MAX_VALUE);
    }
    if (!upload.finish(digest)) {
      throw new IOException("the archive " + archive.getFileName() + " is not " + digest);
    }
  }
}
