package dev.berth.gitops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A Secret that is refused does not tell what is in it.
final class SecretValueTest {
  @Test
  void aRefusedSecretTellsItsFieldAndNotItsValue(@TempDir Path folder) throws Exception {
    try (GitServer server = new GitServer(folder);
        Rig rig = new Rig(folder)) {
      TestRepository git = new TestRepository(folder, "apps.git");
      git.write(
          "a.yaml",
          "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {pin: 12345678}\n");
      git.push("a pin without quotes");
      rig.apply("apps", "{\"url\": \"" + server.url("apps.git") + "\"}");
      rig.settle("apps");
      assertEquals("False Invalid", rig.condition("apps", "Ready"));
      assertTrue(rig.message("apps", "Ready").contains("stringData[pin]"));
      String status = rig.repository("apps").path("status").toString();
      assertTrue(!status.contains("12345678"), status);
    }
  }
}
