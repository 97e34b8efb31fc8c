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

  /// Of what the tag names now.
  Optional<String> digest(String repository, String tag) throws IOException;

  /// What is in it never changes.
  Optional<Manifest> manifest(String repository, String digest) throws IOException;

  /// A small blob whole: an image's configuration.
  ///
  /// @param most in bytes; a larger one is not given
  Optional<byte[]> blob(String repository, String digest, int most) throws IOException;

  /// An image, or the platforms of one.
  ///
  /// @param bytes how long its text is
  record Manifest(String digest, JsonNode tree, int bytes) {}
}
