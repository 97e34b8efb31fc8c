package dev.berth.cli.why;

import dev.berth.api.Json;
import dev.berth.api.codec.ManifestException;
import dev.berth.api.codec.Manifests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The manifest of something that was never applied: whoever asks about it stands beside it most
/// likely.
final class Unapplied {
  private static final int MOST_FILES = 64;
  private static final long LARGEST = 1 << 20;

  private Unapplied() {}

  /// The first YAML file of a folder that has an object of that name; what cannot be read is passed
  /// over.
  static Optional<Path> in(Path folder, String name) {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> manifests =
          files.filter(file -> isYaml(file.toString())).sorted().limit(MOST_FILES).toList();
      return manifests.stream().filter(file -> names(file, name)).findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static boolean isYaml(String file) {
    return file.endsWith(".yaml") || file.endsWith(".yml");
  }

  private static boolean names(Path file, String name) {
    try {
      return Files.isRegularFile(file)
          && Files.size(file) <= LARGEST
          && Manifests.parse(file.toString(), Files.readAllBytes(file)).stream()
              .anyMatch(manifest -> Json.name(manifest.tree()).equals(name));
    } catch (IOException | ManifestException e) {
      return false;
    }
  }
}
