package dev.berth.dashboard.images;

import dev.berth.api.Json;
import dev.berth.dashboard.port.ImageCatalog;
import dev.berth.dashboard.port.ImageCatalog.Manifest;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What the repository holds, looked at no more often than each two seconds: it lies in files. What
/// a digest names is read once, however often its tags are listed.
final class Catalog {
  private static final Duration PACE = Duration.ofSeconds(2);

  /// Build contexts live in the same repositories, but nobody runs them.
  private static final String CONTEXT = "application/vnd.berth.build-context.v1";

  private final ImageCatalog source;
  private final InstantSource clock;
  private List<StoredImage> images = List.of();
  private Instant next = Instant.EPOCH;
  private final Manifests known = new Manifests();

  Catalog(ImageCatalog source, InstantSource clock) {
    this.source = source;
    this.clock = clock;
  }

  /// By name.
  synchronized List<StoredImage> all() throws IOException {
    Instant now = clock.instant();
    if (!now.isBefore(next)) {
      images = List.copyOf(read());
      next = now.plus(PACE);
    }
    return images;
  }

  private List<StoredImage> read() throws IOException {
    List<StoredImage> found = new ArrayList<>();
    for (String repository : source.repositories()) {
      for (String tag : source.tags(repository)) {
        image(repository, tag).ifPresent(found::add);
      }
    }
    return found;
  }

  private Optional<StoredImage> image(String repository, String tag) throws IOException {
    Optional<String> digest = source.digest(repository, tag);
    Optional<Manifest> named =
        digest.isEmpty() ? Optional.empty() : manifest(repository, digest.get());
    if (named.isEmpty() || Json.text(named.get().tree(), "artifactType").equals(CONTEXT)) {
      return Optional.empty();
    }
    Optional<Manifest> own = ofPlatform(repository, named.get());
    return own.map(manifest -> new StoredImage(repository, tag, named.get().digest(), manifest));
  }

  /// An index names one manifest per platform; this system runs linux/amd64.
  private Optional<Manifest> ofPlatform(String repository, Manifest named) throws IOException {
    JsonNode entries = named.tree().path("manifests");
    if (!entries.isArray()) {
      return Optional.of(named);
    }
    Optional<String> digest =
        entries
            .valueStream()
            .filter(entry -> Json.text(entry, "platform", "architecture").equals("amd64"))
            .map(entry -> Json.text(entry, "digest"))
            .findFirst();
    return digest.isEmpty() ? Optional.empty() : manifest(repository, digest.get());
  }

  private Optional<Manifest> manifest(String repository, String digest) throws IOException {
    Optional<Manifest> before = known.get(digest);
    if (before.isPresent()) {
      return before;
    }
    Optional<Manifest> found = source.manifest(repository, digest);
    found.ifPresent(known::add);
    return found;
  }
}
