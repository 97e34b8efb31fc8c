package dev.berth.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// Processes that stay beside a container as long as it runs: our keepers, podman's conmon.
record Residents(int count, long pssKib) {

  /// All of this process namespace whose command line begins so.
  static Residents called(String name) throws IOException {
    int count = 0;
    long pss = 0;
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      for (Path process : processes.toList()) {
        String line = text(process.resolve("cmdline"));
        if (line.startsWith(name + "\0") || line.contains("/" + name + "\0")) {
          count++;
          pss += Server.number(text(process.resolve("smaps_rollup")), "Pss:");
        }
      }
    }
    return new Residents(count, pss);
  }

  /// @throws IOException when there is none
  double kibEach() throws IOException {
    if (count == 0) {
      throw new IOException("no such process runs: it was to stay beside its container");
    }
    return (double) pssKib / count;
  }

  /// Empty of what has ended, or is no process.
  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }
}
