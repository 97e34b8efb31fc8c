package dev.berth.controller.gitops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.berth.api.Json;
import java.util.Base64;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class StoredSecretsTest {
  @Test
  void base64WithLineBreaksIsReadAsAdmissionReadsIt() {
    byte[] key = new byte[200];
    var data = Json.object().put("identity", Base64.getMimeEncoder().encodeToString(key));
    byte[] read = Objects.requireNonNull(StoredSecrets.decoded(data).get("identity"));
    assertArrayEquals(key, read);
  }
}
