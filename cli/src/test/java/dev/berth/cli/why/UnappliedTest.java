package dev.berth.cli.why;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnappliedTest {
  @TempDir Path folder;

  @Test
  void theManifestThatHasTheNameIsFoundBesideBrokenAndOtherFiles() throws IOException {
    Files.writeString(folder.resolve("a.yaml"), "{: broken");
    Files.writeString(folder.resolve("b.txt"), "kind: Pod\nmetadata: {name: web}\n");
    Files.createDirectory(folder.resolve("c.yaml"));
    Path there = folder.resolve("d.yml");
    Files.writeString(
        there, "kind: ConfigMap\nmetadata: {name: a}\n---\nkind: Pod\nmetadata: {name: web}\n");
    assertEquals(Optional.of(there), Unapplied.in(folder, "web"));
    assertEquals(Optional.empty(), Unapplied.in(folder, "other"));
    assertEquals(Optional.empty(), Unapplied.in(folder.resolve("none"), "web"));
  }
}
