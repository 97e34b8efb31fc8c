package dev.berth.controller.auth;

import dev.berth.api.Json;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// JSON Web Tokens (RFC 7519) signed with ES256 (RFC 7518, 3.4), and with nothing else: the
/// algorithm that a token names is compared, never obeyed.
final class Jwt {
  private static final String ALGORITHM = "SHA256withECDSAinP1363Format";
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  private Jwt() {}

  static String sign(ObjectNode claims, TokenKey key) {
    ObjectNode header = Json.object().put("alg", "ES256").put("kid", key.id());
    String signed = encoded(Json.bytes(header)) + "." + encoded(Json.bytes(claims));
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(key.pair().getPrivate());
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + encoded(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot sign a token: " + e.getMessage(), e);
    }
  }

  /// The claims of a token that this key signed; their times are not judged here.
  static Optional<ObjectNode> verify(String token, TokenKey key) {
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    Optional<JsonNode> header = decoded(parts[0]).flatMap(Jwt::parsed);
    boolean ours =
        header
            .filter(h -> Json.text(h, "alg").equals("ES256"))
            .filter(h -> Json.text(h, "kid").equals(key.id()))
            .isPresent();
    return ours && isSignedBy(key.pair().getPublic(), parts)
        ? decoded(parts[1])
            .flatMap(Jwt::parsed)
            .filter(ObjectNode.class::isInstance)
            .map(ObjectNode.class::cast)
        : Optional.empty();
  }

  private static boolean isSignedBy(PublicKey key, String[] parts) {
    Optional<byte[]> given = decoded(parts[2]);
    if (given.isEmpty()) {
      return false;
    }
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initVerify(key);
      signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
      return signature.verify(given.get());
    } catch (GeneralSecurityException e) {
      // A signature of a wrong length is reported so.
      return false;
    }
  }

  private static Optional<JsonNode> parsed(byte[] json) {
    try {
      return Optional.of(Json.parse(json));
    } catch (JacksonException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<byte[]> decoded(String text) {
    try {
      return Optional.of(Base64.getUrlDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  static String encoded(byte[] bytes) {
    return ENCODER.encodeToString(bytes);
  }
}
