package dev.berth.gitops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A Secret that is refused does not tell what is in it.
final class SecretValueTest extends ServedRepository {
  private static final String SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n";

  private void assertSilent(String value) {
    String status = rig.repository("apps").path("status").toString();
    assertTrue(!status.contains(value), status);
  }

  @Test
  void aRefusedSecretTellsItsFieldAndNotItsValue() throws Exception {
    git.write("a.yaml", SECRET + "stringData: {pin: 12345678}\n").push("a pin without quotes");
    follow();
    rig.settle("apps");
    assertEquals("False Invalid", rig.condition("apps", "Ready"));
    assertTrue(rig.message("apps", "Ready").contains("stringData[pin]"));
    assertSilent("12345678");
  }

  /// Characters with which YAML begins something else.
  @ParameterizedTest
  @ValueSource(strings = {"*hunter2", "!hunter2 x", "{hunter2", "${hunter2:-}", "@hunter2"})
  void aPasswordThatYamlReadsOtherwiseIsNotShown(String password) throws Exception {
    git.write("a.yaml", SECRET + "stringData:\n  password: " + password + "\n").push("no quotes");
    follow("\"substitute\": {\"REGION\": \"eu\"}");
    rig.settle("apps");
    assertEquals("False RenderFailed", rig.condition("apps", "Ready"));
    assertTrue(rig.message("apps", "Ready").startsWith("a.yaml:"), rig.message("apps", "Ready"));
    assertSilent("hunter2");
  }

  @Test
  void aPatchAndJsonShowNoneEither() throws Exception {
    git.write("a.json", "{\"kind\": \"Secret\",\n\"stringData\": {\"password\": hunter2\t{}}}");
    git.write("b.yaml", SECRET);
    git.write(
        "kustomization.yaml",
        """
        resources: [b.yaml, a.json]
        patchesStrategicMerge:
        - |
          apiVersion: v1
          kind: Secret
          metadata: {name: other}
          stringData: {password: hunter2}
        """);
    git.push("one");
    follow();
    rig.settle("apps");
    String message = rig.message("apps", "Ready");
    assertTrue(message.contains("an inline patch fits no object"), message);
    assertTrue(message.contains("a.json:2"), message);
    assertSilent("hunter2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"*hunter2", "!hunter2 x"})
  void anOperationOnASecretShowsNoneEither(String password) throws Exception {
    git.write("b.yaml", SECRET);
    git.write(
        "kustomization.yaml",
        """
        resources: [b.yaml]
        patches:
        - target: {kind: Secret}
          patch: |
            - op: add
              path: /stringData
              value:
                password: %s
        """
            .formatted(password));
    git.push("one");
    follow();
    rig.settle("apps");
    assertEquals("False RenderFailed", rig.condition("apps", "Ready"));
    assertSilent("hunter2");
  }
}
