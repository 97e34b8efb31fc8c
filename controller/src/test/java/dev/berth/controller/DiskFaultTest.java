package dev.berth.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.controller.storage.Faults;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What clients are told when the disk below a controller is full or broken.
class DiskFaultTest {
  @TempDir Path directory;

  @Test
  void aFullDiskRefusesWritesUntilThereIsSpaceABrokenOneForGood() throws Exception {
    Path library = directory.resolve("faults.so");
    Assumptions.assumeTrue(
        Faults.compile(library), "no C compiler: the store's disk cannot be broken");
    Process child =
        Faults.child(
                library,
                FaultyController.class,
                directory.resolve("data").toString(),
                library.toString())
            .redirectError(directory.resolve("stderr").toFile())
            .start();
    List<String> said;
    try (var lines = child.inputReader()) {
      said = lines.lines().toList();
    } finally {
      child.destroyForcibly().waitFor();
    }
    assertEquals(
        List.of(
            "create before 201",
            "create full 507 InsufficientStorage",
            "get before 200",
            "get readyz 200",
            "create space 201",
            "create sync 503 ServiceUnavailable",
            "create later 503 ServiceUnavailable",
            "get before 200",
            "get readyz 503",
            "get livez 200"),
        said.stream().map(line -> line.substring(0, line.indexOf('|'))).toList(),
        Files.readString(directory.resolve("stderr")));
    assertTrue(
        said.get(1).contains("bytes are free in " + directory.resolve("data/store")), said.get(1));
    assertTrue(said.get(6).contains("restart Berth"), said.get(6));
  }
}
