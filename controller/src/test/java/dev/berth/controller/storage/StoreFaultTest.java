package dev.berth.controller.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A disk that is full, fails to write, fails to sync, or writes half: at each of the first 500
/// calls that the store makes. A library is preloaded into a JVM of its own; it fails exactly the
/// calls that it is told to. Whatever fails: what was acknowledged is there at the next start.
class StoreFaultTest {
  @TempDir Path directory;

  private List<String> run(String what) throws IOException, InterruptedException {
    Path library = directory.resolve("faults.so");
    Assumptions.assumeTrue(
        Faults.compile(library), "no C compiler: the store's disk cannot be broken");
    try (Scratch scratch = new Scratch(directory, "faults")) {
      Process process =
          Faults.child(
                  library, FaultyWriter.class, scratch.path().toString(), library.toString(), what)
              .redirectError(directory.resolve("stderr").toFile())
              .start();
      try (var lines = process.inputReader()) {
        return lines.lines().toList();
      } finally {
        process.destroyForcibly().waitFor();
      }
    }
  }

  private void requireNothingBad(int step) throws Exception {
    List<String> said = run(Integer.toString(step));
    assertEquals(List.of(), said.stream().filter(line -> line.startsWith("BAD")).toList());
    assertTrue(
        !said.isEmpty() && said.getLast().startsWith("done "),
        said + Files.readString(directory.resolve("stderr")));
  }

  @Test
  void everyTwentiethCallMayFailInEveryWay() throws Exception {
    requireNothingBad(20);
  }

  @Test
  @Tag("long")
  void everyOneOfTheFirst500CallsMayFailInEveryWay() throws Exception {
    requireNothingBad(1);
  }

  /// Ten hours of heartbeats.
  @Test
  void heartbeatsCostNoSync() throws Exception {
    String said = run("idle").getLast();
    assertTrue(said.startsWith("syncs ") && Integer.parseInt(said.substring(6)) <= 1, said);
  }
}
