package dev.berth.controller.imageregistry;

import dev.berth.api.Digest;
import dev.berth.controller.blobs.BlobStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What the repositories hold, for parts of this program that show it. Names that are none of a
/// repository, a tag or a digest are names of nothing.
public final class RegistryReader {
  private final Repositories repositories;
  private final BlobStore store;

  /// @param root the folder of the repositories, as of [ImageRegistry]
  public RegistryReader(Path root, BlobStore store) throws IOException {
    this.repositories = new Repositories(root);
    this.store = store;
  }

  /// Every repository that has a manifest, sorted.
  public List<String> repositories() throws IOException {
    return repositories.all();
  }

  public List<String> tags(String repository) throws IOException {
    return isRepository(repository) ? repositories.tags(repository) : List.of();
  }

  /// The digest of a manifest that the repository has.
  ///
  /// @param reference a tag or a digest
  public Optional<String> digest(String repository, String reference) throws IOException {
    if (!isRepository(repository)) {
      return Optional.empty();
    }
    Optional<Digest> digest =
        reference.contains(":")
            ? parsed(reference)
            : RegistryPath.isTag(reference)
                ? repositories.tag(repository, reference)
                : Optional.empty();
    boolean has =
        digest.isPresent() && repositories.mediaType(repository, digest.get()).isPresent();
    return has ? digest.map(Digest::toString) : Optional.empty();
  }

  /// Whether the blob belongs to the repository.
  public boolean contains(String repository, String digest) {
    return isRepository(repository)
        && parsed(digest).filter(d -> repositories.hasBlob(repository, d)).isPresent();
  }

  /// A blob or manifest whole; empty where there is none, or a larger one.
  ///
  /// @param most in bytes
  public Optional<byte[]> blob(String digest, int most) throws IOException {
    Optional<Path> file = parsed(digest).flatMap(store::find);
    try {
      return file.isPresent() && Files.size(file.get()) <= most
          ? Optional.of(Files.readAllBytes(file.get()))
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static Optional<Digest> parsed(String text) {
    return Optional.of(text).filter(Digest::isDigest).map(Digest::parse);
  }

  private static boolean isRepository(String name) {
    return RegistryPath.isRepository(name);
  }
}
