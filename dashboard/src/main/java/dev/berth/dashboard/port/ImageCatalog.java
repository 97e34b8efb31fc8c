package dev.berth.dashboard.port;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The cluster's own image repository, as its HTTP API shows it. Whoever asks has checked the
/// rights.
public interface ImageCatalog {
  List<String> repositories() throws IOException;

  List<String> tags(String repository) throws IOException;

  /// A manifest with the digest it has.
  ///
  /// @param reference a tag or a digest
  Optional<Manifest> manifest(String repository, String reference) throws IOException;

  /// A small blob whole: an image's configuration.
  ///
  /// @param most in bytes; a larger one is not given
  Optional<byte[]> blob(String repository, String digest, int most) throws IOException;

  record Manifest(String digest, JsonNode tree) {}
}
