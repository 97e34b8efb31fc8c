package dev.berth.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/// The example application, built without a network: on a base image that has its packages already,
/// and with the container scripts as they are but for the lines that install them.
///
/// @param dir a copy of `manifests/digits`
record Digits(Path dir) {
  static final String BASE = "digits-base:1";

  /// @param base what a build starts from, as the container scripts name it
  static Digits copy(Path example, Path dir, String base) throws IOException {
    try (Stream<Path> files = Files.walk(example)) {
      for (Path file : files.toList()) {
        Path to = dir.resolve(example.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(to);
        } else {
          Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
    for (String part : List.of("model", "app")) {
      Path script = dir.resolve(part).resolve("Dockerfile");
      Files.writeString(script, offline(Files.readString(script), base));
    }
    return new Digits(dir);
  }

  /// Makes the base image of a Berth.
  static void base(Bench bench, BerthHost host) throws IOException {
    Path context = Files.createDirectories(bench.work().resolve("base"));
    Files.createLink(context.resolve("base.tar"), bench.baseImage());
    Files.writeString(context.resolve("Dockerfile"), "FROM scratch\nADD base.tar /\n");
    host.berth("build", context.toString(), "-t", BASE);
  }

  static String offline(String script, String base) {
    return script
        .replace("debian:bookworm-slim", base)
        .replaceAll("(?m)^RUN apt-get update .*\n", "");
  }

  Path model() {
    return dir.resolve("model");
  }
}
