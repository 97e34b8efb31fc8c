package dev.berth.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What a person typed and saw, with everything that differs from run to run made equal.
record Transcript(String text) {
  private static final Path GOLDEN = Path.of("src/test/resources/failures");

  static Transcript of(String command, TestHost.Ran ran, TestHost host) {
    String seen = (ran.out() + ran.err()).replace("\r", "").strip();
    return new Transcript(
        "$ "
            + command
            + "\n"
            + normal(seen, host)
                .lines()
                .map(String::stripTrailing)
                .reduce("", (a, b) -> a + b + "\n")
            + "(exit code "
            + ran.code()
            + ")\n");
  }

  /// Later rules see what earlier ones have left.
  private static String normal(String text, TestHost host) {
    return text.replace(host.dir().toString(), "/srv")
        .replace(host.nodeName(), "node-1")
        .replaceAll("has \\d+ cpu and [\\d.]+ GiB", "has 2 cpu and 23 GiB")
        .replaceAll("(-[0-9a-f]{8,10})?-[bcdfghjklmnpqrstvwxz2456789]{5}\\b", "-x7k2p")
        .replaceAll("sha256:[0-9a-f]{64}", "sha256:4f53...")
        .replaceAll("\\b[0-9a-f]{12}\\b", "4f53cda18c2b")
        .replaceAll("(imagebuild[/ ][a-z0-9-]+-)[0-9a-f]{10}\\b", "$1" + "4f53cda18c")
        .replaceAll("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z", "2026-11-22T12:00:00Z")
        .replaceAll("\\b\\d\\d:\\d\\d:\\d\\d\\b", "12:00:00")
        .replaceAll("\\b10\\.244\\.\\d+\\.\\d+", "10.244.0.7")
        .replaceAll("\\b10\\.96\\.\\d+\\.\\d+", "10.96.0.7")
        .replaceAll("\\bpid \\d+", "pid 4711")
        .replaceAll("\\b\\d+(\\.\\d+)? (ms|s|min|h)\\b( \\d+ s\\b)?", "7 s")
        .replaceAll("\\b(\\d+m)?\\d+s\\b|(?<=\\()\\d+m(?=\\))", "7s")
        .replaceAll("(?m)^ +event .*\\R", "")
        .replaceAll("(?m)^(date|berth-request-id|server-timing): .*\\R", "")
        .replaceAll("restarted (\\d+ times|once|twice)\\b", "restarted 4 times");
  }

  /// With `-Dgolden=write` the file becomes this text.
  Transcript matched(String name) {
    Path file = file(name);
    try {
      if ("write".equals(System.getProperty("golden"))) {
        Files.createDirectories(GOLDEN);
        Files.writeString(file, text);
      }
      String expected = Files.exists(file) ? Files.readString(file) : "";
      org.junit.jupiter.api.Assertions.assertEquals(expected, text, () -> "see " + file);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path file(String name) {
    return GOLDEN.resolve(name + ".txt");
  }
}
