package dev.berth.controller.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class ProvenTokensTest {
  private final ProvenTokens proven = new ProvenTokens();
  private final TokenKey key = TokenKey.of(CertificateAuthority.newKey());

  private String token(String subject) {
    return Jwt.sign(Json.object().put("sub", subject), key);
  }

  @Test
  void aSignatureIsCheckedOnce() {
    String token = token("somebody");
    ObjectNode first = proven.claims(token, key).orElseThrow();
    assertEquals("somebody", Json.text(first, "sub"));
    assertSame(first, proven.claims(token, key).orElseThrow());
  }

  @Test
  void anotherKeyProvesNothingThoughTheTokenIsKnown() {
    String token = token("somebody");
    assertTrue(proven.claims(token, key).isPresent());
    assertEquals(
        Optional.empty(), proven.claims(token, TokenKey.of(CertificateAuthority.newKey())));
  }

  @Test
  void whatProvesNothingLeavesNoTrace() {
    assertEquals(Optional.empty(), proven.claims(token("somebody") + "A", key));
    assertEquals(Optional.empty(), proven.claims("nonsense", key));
    assertEquals(0, proven.size());
  }

  @Test
  void aTokenIsKnownOnlyWithAllItsCharacters() {
    String token = token("somebody");
    proven.claims(token, key);
    String forged = token.substring(0, token.length() - 5) + "AAAAA";
    assertEquals(Optional.empty(), proven.claims(forged, key));
  }
}
