package dev.berth.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Programs of this machine: the peers, and what prepares a measurement.
final class Tool {
  private Tool() {}

  /// Where PATH has it.
  static Optional<Path> onPath(String name) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
        .map(directory -> Path.of(directory, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// The same of a peer; one that is missing is named with the way to install it on Debian.
  static Optional<Path> peer(String name, String debianPackages) {
    Optional<Path> found = onPath(name);
    if (found.isEmpty()) {
      System.err.println(
          "bench: "
              + name
              + " is not installed and left out (apt-get install --no-install-recommends "
              + debianPackages
              + ")");
    }
    return found;
  }

  /// Runs it to its end, which must be a good one.
  ///
  /// @return what it printed
  static String run(List<String> command) throws IOException {
    return run(command, Optional.empty());
  }

  /// @param in the directory in which it runs
  static String run(List<String> command, Optional<Path> in) throws IOException {
    Path errors = Files.createTempFile("bench-", ".err");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectError(errors.toFile());
      in.ifPresent(directory -> builder.directory(directory.toFile()));
      Process process = builder.start();
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IOException(
            String.join(" ", command)
                + " ended with "
                + process.exitValue()
                + ": "
                + Files.readString(errors).strip());
      }
      return printed;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("interrupted", e));
    } finally {
      Files.delete(errors);
    }
  }
}
