package dev.berth.controller.dashboard;

import dev.berth.api.Json;
import dev.berth.controller.imageregistry.RegistryReader;
import dev.berth.dashboard.port.ImageCatalog;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/// The cluster's own repositories of images.
public final class RegistryCatalog implements ImageCatalog {
  private static final int LARGEST_MANIFEST = 4 << 20;

  private final RegistryReader registry;

  public RegistryCatalog(RegistryReader registry) {
    this.registry = registry;
  }

  @Override
  public List<String> repositories() throws IOException {
    return registry.repositories();
  }

  @Override
  public List<String> tags(String repository) throws IOException {
    return registry.tags(repository);
  }

  @Override
  public Optional<String> digest(String repository, String tag) throws IOException {
    return registry.digest(repository, tag);
  }

  /// One that is not JSON is shown as none.
  @Override
  public Optional<Manifest> manifest(String repository, String named) throws IOException {
    Optional<String> digest = registry.digest(repository, named);
    Optional<byte[]> bytes =
        digest.isEmpty() ? Optional.empty() : registry.blob(digest.get(), LARGEST_MANIFEST);
    try {
      return bytes.map(json -> new Manifest(digest.orElseThrow(), Json.parse(json), json.length));
    } catch (JacksonException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<byte[]> blob(String repository, String digest, int most) throws IOException {
    return registry.contains(repository, digest) ? registry.blob(digest, most) : Optional.empty();
  }
}
