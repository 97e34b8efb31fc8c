package dev.berth.agent.build;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MissingSourceTest {
  @TempDir Path root;

  private void file(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.resolveSibling(""));
    Files.writeString(file, text);
  }

  private String said(String source, Optional<String> from) {
    return String.valueOf(MissingSource.of(source, from, root, "Dockerfile").getMessage());
  }

  @Test
  void theRuleThatHidesItIsNamedWithItsLine() throws IOException {
    file(".dockerignore", "# big ones\n*.bin\n");
    assertEquals(
        "model.bin: left out of the build context by .dockerignore:2 (*.bin)",
        said("model.bin", Optional.empty()));
  }

  @Test
  void theScriptsOwnRulesStandBeforeTheCommonOnes() throws IOException {
    file(".dockerignore", "*.bin\n");
    file("Dockerfile.dockerignore", "!keep\nweights\n");
    assertEquals(
        "weights: left out of the build context by Dockerfile.dockerignore:2 (weights)",
        said("weights", Optional.empty()));
    assertEquals(
        "model.bin: no such file in the build context", said("model.bin", Optional.empty()));
  }

  @Test
  void rulesThatCannotBeReadHaveHiddenNothing() throws IOException {
    file(".dockerignore", "*.bin\n[z-a]\n");
    assertEquals(
        "model.bin: no such file in the build context", said("model.bin", Optional.empty()));
  }

  @Test
  void namesThatAreNearAreOffered() throws IOException {
    file("requirements.txt", "");
    assertEquals(
        "requirement.txt: no such file in the build context; nearest: requirements.txt",
        said("requirement.txt", Optional.empty()));
  }

  @Test
  void anotherStageIsNamedAndHasNoRules() throws IOException {
    file(".dockerignore", "wheels\n");
    assertEquals(
        "wheels: no such file in stage builder", said("wheels", Optional.of("stage builder")));
  }
}
