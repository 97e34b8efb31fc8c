package dev.berth.gitops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/// A Secret that is refused does not tell what is in it.
final class SecretValueTest extends ServedRepository {
  @Test
  void aRefusedSecretTellsItsFieldAndNotItsValue() throws Exception {
    git.write(
        "a.yaml",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {pin: 12345678}\n");
    git.push("a pin without quotes");
    follow();
    rig.settle("apps");
    assertEquals("False Invalid", rig.condition("apps", "Ready"));
    assertTrue(rig.message("apps", "Ready").contains("stringData[pin]"));
    String status = rig.repository("apps").path("status").toString();
    assertTrue(!status.contains("12345678"), status);
  }
}
