package dev.berth.gitops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.ObjectKey;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Clones on disk: those that a repository asks for, and no others.
final class SweepTest extends ServedRepository {
  private long clones() throws IOException {
    try (var all = Files.list(folder.resolve("clones"))) {
      return all.filter(path -> path.toString().endsWith(".git")).count();
    }
  }

  private void settled(String name) throws Exception {
    rig.settle(name);
    assertEquals("True Fetched", rig.condition(name, "SourceReady"));
  }

  @Test
  void aDeletedRepositoryTakesItsCloneAlongUnlessAnotherHasIt() throws Exception {
    git.write("a.yaml", configMap("a", "one")).push("one");
    follow();
    followAs("same");
    followAs("larger", "\"maxSize\": \"1Gi\"");
    for (String name : new String[] {"apps", "same", "larger"}) {
      settled(name);
    }
    assertEquals(2, clones());
    forget("larger");
    assertEquals(1, clones());
    forget("same");
    assertEquals(1, clones());
    forget("apps");
    assertEquals(0, clones());
  }

  private void forget(String name) {
    rig.cluster.remove("GitRepository.berth.dev/default/" + name);
    rig.engine().forget(new ObjectKey("default", name));
  }

  @Test
  void theCloneOfAnotherUrlIsRemovedInTime() throws Exception {
    git.write("a.yaml", configMap("a", "one")).push("one");
    TestRepository.run(folder, "git", "clone", "-q", "--bare", "apps.git", "moved.git");
    follow();
    settled("apps");
    rig.apply("apps", "{\"url\": \"" + server.url("moved.git") + "\"}");
    settled("apps");
    rig.pass(Duration.ofHours(2));
    settled("apps");
    assertEquals(1, clones());
  }

  @Test
  void whatAProcessBeforeHasLeftIsRemovedAndWhatIsWantedStays() throws Exception {
    git.write("a.yaml", configMap("a", "one")).push("one");
    follow();
    settled("apps");
    Files.createDirectories(folder.resolve("clones/0123456789abcdef0123456789abcdef.git/objects"));
    rig.engine().sweep();
    assertEquals(1, clones());
    server.stop();
    rig.pass(Duration.ofMinutes(2));
    rig.settle("apps");
    assertEquals("True Synced", rig.condition("apps", "Synced"));
  }
}
