package dev.berth.gitops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Repositories that mean harm, or are just very large.
final class HostileTest extends ServedRepository {
  @BeforeEach
  void start() {
    follow();
  }

  private void assertRefused(String part) {
    assertEquals("False RenderFailed", rig.condition("apps", "Ready"));
    String message = rig.message("apps", "Ready");
    assertTrue(message.contains(part), message);
  }

  @Test
  void aLinkOutOfTheRepositoryIsNotFollowed() throws Exception {
    Files.createSymbolicLink(git.tree().resolve("a.yaml"), Path.of("/etc/hostname"));
    git.push("link");
    rig.settle("apps");
    assertRefused("a.yaml: a symbolic link");
  }

  @Test
  void aSubmoduleIsNamed() throws Exception {
    git.write("a.yaml", configMap("a", "one"));
    String id = git.push("one");
    git.git("update-index", "--add", "--cacheinfo", "160000," + id + ",parts");
    git.git("commit", "-q", "-m", "submodule");
    git.git("push", "-q", "origin", "HEAD");
    rig.settle("apps");
    assertRefused("parts: a submodule");
  }

  @Test
  void aTreeWithDotsForANameIsRefused() throws Exception {
    String id = git.write("a.yaml", configMap("a", "one")).push("one");
    Path input = folder.resolve("tree");
    String tree = git.git("rev-parse", id + "^{tree}");
    Files.writeString(input, "040000 tree " + tree + "\t..\n");
    String hostile =
        git.git(
            "commit-tree",
            "-m",
            "dots",
            TestRepository.run(git.tree(), "sh", "-c", "git mktree < " + input));
    git.git("push", "-q", "--force", "origin", hostile + ":refs/heads/main");
    rig.settle("apps");
    assertTrue(rig.condition("apps", "Ready").startsWith("False"));
    assertTrue(rig.cluster.takeWrites().isEmpty());
  }

  /// Each file stays below the limit of one.
  @Test
  void fewLinesThatBecomeManyValuesAreRefused() throws Exception {
    String list = "[" + "a, ".repeat(1000) + "a]";
    String bomb = "a: &a " + list + "\nb: &b [" + "*a, ".repeat(200) + "*a]\n";
    for (int i = 0; i < 5; i++) {
      git.write(i + ".yaml", configMap("c" + i, "one") + bomb);
    }
    git.push("aliases");
    rig.settle("apps");
    assertRefused("more than 500000 values, aliases counted as what they stand for");
    assertTrue(rig.cluster.takeWrites().isEmpty());
  }

  @Test
  void verySmallDocumentsAreCountedToo() throws Exception {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 5001; i++) {
      all.append(configMap("c" + i, "one")).append("---\n");
    }
    git.write("a.yaml", all.toString()).push("many");
    rig.settle("apps");
    assertRefused("more than 5000 objects");
  }

  @Test
  void aPatchThatMakesEveryObjectLargeIsRefused() throws Exception {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 1000; i++) {
      all.append(configMap("c" + i, "one")).append("---\n");
    }
    git.write("all.yaml", all.toString());
    git.write(
        "kustomization.yaml",
        "resources: [all.yaml]\npatches:\n- target: {kind: ConfigMap}\n  patch: |\n    - {op: add,"
            + " path: /more, value: ["
            + "a, ".repeat(1000)
            + "a]}\n");
    git.push("patch");
    rig.settle("apps");
    assertRefused("more than 500000 values");
  }

  @Test
  void aVariableOfManyPlacesIsCountedByItsValue() throws Exception {
    follow("\"substitute\": {\"BIG\": \"" + "x".repeat(100_000) + "\"}");
    git.write("a.yaml", configMap("a", "${BIG} ".repeat(100_000))).push("variables");
    rig.settle("apps");
    assertRefused("a.yaml: larger than 4 MiB with the values of its variables");
  }

  @Test
  @Tag("long")
  void aHundredThousandFilesAndFiftyMegabytesAreRead() throws Exception {
    Path all = Files.createDirectories(git.tree().resolve("files"));
    for (int i = 0; i < 100_000; i++) {
      Files.writeString(
          Files.createDirectories(all.resolve(String.valueOf(i / 1000))).resolve(i + ".txt"),
          "" + i);
    }
    byte[] noise = new byte[50 << 20];
    System.err.println("seed 7");
    new Random(7).nextBytes(noise);
    Files.write(git.tree().resolve("noise.bin"), noise);
    git.write("a.yaml", configMap("a", "one")).push("large");
    rig.settle("apps");
    assertEquals(
        "True Succeeded", rig.condition("apps", "Ready"), rig.repository("apps")::toString);
  }

  @Test
  @Tag("long")
  void twoHundredRepositoriesOnOneServerAreServedInTurn() throws Exception {
    git.write("a.yaml", configMap("NAME", "${NAME}").replace("NAME}", "X}")).push("one");
    for (int i = 0; i < 200; i++) {
      TestRepository.run(folder, "git", "clone", "-q", "--bare", "apps.git", "copy-" + i + ".git");
      rig.apply(
          "copy-" + i,
          "{\"url\": \"" + server.url("copy-" + i + ".git") + "\", \"exclude\": [\"b.yaml\"]}");
      rig.look("copy-" + i);
    }
    for (int i = 0; i < 200; i++) {
      rig.settle("copy-" + i);
      String source = rig.condition("copy-" + i, "SourceReady");
      assertEquals("True Fetched", source);
      assertEquals(1, Json.at(rig.repository("copy-" + i), "status", "summary", "total").asInt());
    }
    int threads = Thread.getAllStackTraces().size();
    assertTrue(threads < 100, threads + " platform threads");
  }
}
