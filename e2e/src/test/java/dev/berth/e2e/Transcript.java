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

  /// The same for what stands in columns, whose widths differ from run to run too.
  static Transcript table(String command, TestHost.Ran ran, TestHost host) {
    return new Transcript(
        of(command, ran, host)
            .text()
            .replaceAll("(?<=\\S) {2,}", "  ")
            .replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-4f53cda18c2b", "4f53cda18c2b")
            .replaceAll("(?m)^( *node-1)  \\d+  \\d+  \\d+$", "$1  4711  4711  4711")
            .replaceAll("(?m)^( *waiting)  \\d+", "$1  0")
            .replaceAll("(state  waiting until \\S+): ErrImagePull", "$1: ImagePullBackOff")
            .replaceAll("(?m)^( *(?:object revision|revision|pid|keeper))  \\d+", "$1  4711")
            .replaceAll("(?m)^(  [a-z]+)  \\d+(  true|  false)$", "$1  4711$2")
            .replaceAll("(?ms)^Status:$.*?(?=^Conditions:$)", "Status:\n  ...\n\n"));
  }

  /// Later rules see what earlier ones have left.
  private static String normal(String text, TestHost host) {
    return text.replace(host.dir().toString(), "/srv")
        .replace(host.nodeName(), "node-1")
        .replaceAll("has \\d+ cpu and [\\d.]+ GiB", "has 2 cpu and 23 GiB")
        .replaceAll("wrote \\d+ MiB", "wrote 20 MiB")
        .replaceAll("(-[0-9a-f]{8,10})?-[bcdfghjklmnpqrstvwxz2456789]{5}\\b", "-x7k2p")
        .replaceAll("sha256:[0-9a-f]{64}", "sha256:4f53...")
        .replaceAll("\\b[0-9a-f]{12}\\b", "4f53cda18c2b")
        .replaceAll("(imagebuild[/ ][a-z0-9-]+-)[0-9a-f]{10}\\b", "$1" + "4f53cda18c")
        .replaceAll("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z", "2026-11-22T12:00:00Z")
        .replaceAll("\\b\\d\\d:\\d\\d:\\d\\d\\b", "12:00:00")
        .replaceAll("\\b10\\.244\\.\\d+\\.\\d+", "10.244.0.7")
        .replaceAll("\\b10\\.96\\.\\d+\\.\\d+", "10.96.0.7")
        .replaceAll("\\b(pid|fd) \\d+", "$1 4711")
        .replaceAll("\\b\\d+(\\.\\d+)? (ms|s|min|h)\\b( \\d+ s\\b)?", "7 s")
        .replaceAll("\\b(\\d+m)?\\d+s\\b|(?<=\\()\\d+m(?=\\))", "7s")
        .replaceAll("(?m)^ +event .*\\R", "")
        .replaceAll("(?m)^ +\\| GET .*\\R", "")
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
