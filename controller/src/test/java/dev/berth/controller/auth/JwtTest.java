package dev.berth.controller.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

class JwtTest {
  private static final ObjectNode CLAIMS = Json.object().put("sub", "somebody").put("exp", 1);

  @TempDir Path directory;

  private TokenKey key(String name) throws Exception {
    Path own = directory.resolve(name);
    SecretFiles.createDirectory(own);
    return TokenKey.open(own);
  }

  private static String part(String json) {
    return Jwt.encoded(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void whatWasSignedIsReadBackWithTheKeyOfTheSameDirectory() throws Exception {
    String token = Jwt.sign(CLAIMS, key("a"));
    assertEquals(Optional.of(CLAIMS), Jwt.verify(token, key("a")));
  }

  @Test
  void anotherKeyReadsNothing() throws Exception {
    assertTrue(Jwt.verify(Jwt.sign(CLAIMS, key("a")), key("b")).isEmpty());
  }

  @Test
  void everyChangedCharacterIsSeen() throws Exception {
    TokenKey key = key("a");
    String token = Jwt.sign(CLAIMS, key);
    for (int i = 0; i < token.length() - 1; i++) {
      char other = token.charAt(i) == 'A' ? 'B' : 'A';
      String changed = token.substring(0, i) + other + token.substring(i + 1);
      assertTrue(Jwt.verify(changed, key).isEmpty(), "character " + i + " of " + token);
    }
  }

  @Test
  void theTokenDoesNotChooseTheAlgorithm() throws Exception {
    TokenKey key = key("a");
    String claims = part(Json.string(CLAIMS));
    for (String algorithm : new String[] {"none", "HS256", "RS256", "es256", ""}) {
      String header = part("{\"alg\":\"" + algorithm + "\",\"kid\":\"" + key.id() + "\"}");
      assertTrue(Jwt.verify(header + "." + claims + ".", key).isEmpty(), algorithm);
      assertTrue(Jwt.verify(header + "." + claims + ".AAAA", key).isEmpty(), algorithm);
    }
  }

  @Test
  void whatIsNoTokenProvesNothing() throws Exception {
    TokenKey key = key("a");
    for (String text : new String[] {"", ".", "..", "a.b.c", "a.b", "%.%.%", "a.b.c.d"}) {
      assertTrue(Jwt.verify(text, key).isEmpty(), text);
    }
  }

  @Test
  void theKeySetShowsThePublicHalfOnly() throws Exception {
    String set = Json.string(key("a").jwks());
    assertTrue(set.contains("\"kty\":\"EC\""), set);
    assertTrue(!set.contains("\"d\""), set);
  }
}
