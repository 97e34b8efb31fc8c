package dev.berth.controller.auth;

import dev.berth.api.Json;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.interfaces.ECPublicKey;
import tools.jackson.databind.node.ObjectNode;

/// The P-256 key that signs the tokens of ServiceAccounts, and its public half as others see it.
public record TokenKey(KeyPair pair, String id) {
  private static final int COORDINATE = 32;

  /// The key of a data directory, made at the first call.
  ///
  /// @param directory where the other keys lie
  public static TokenKey open(Path directory) throws IOException {
    Path secret = directory.resolve("service-account.key");
    Path open = directory.resolve("service-account.pub");
    if (!Files.exists(secret) || !Files.exists(open)) {
      KeyPair made = CertificateAuthority.newKey();
      SecretFiles.write(open, Pem.publicKey(made.getPublic()));
      SecretFiles.write(secret, Pem.key(made.getPrivate()));
    }
    return of(Pem.readPair(Files.readString(open), Files.readString(secret)));
  }

  static TokenKey of(KeyPair pair) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(pair.getPublic().getEncoded());
      return new TokenKey(pair, Jwt.encoded(digest));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// JSON Web Key Set, RFC 7517.
  public ObjectNode jwks() {
    ECPublicKey open = (ECPublicKey) pair.getPublic();
    ObjectNode set = Json.object();
    set.putArray("keys")
        .addObject()
        .put("use", "sig")
        .put("kty", "EC")
        .put("kid", id)
        .put("crv", "P-256")
        .put("alg", "ES256")
        .put("x", Jwt.encoded(coordinate(open.getW().getAffineX())))
        .put("y", Jwt.encoded(coordinate(open.getW().getAffineY())));
    return set;
  }

  private static byte[] coordinate(BigInteger value) {
    byte[] bytes = value.toByteArray();
    byte[] fixed = new byte[COORDINATE];
    int n = Math.min(bytes.length, COORDINATE);
    System.arraycopy(bytes, bytes.length - n, fixed, COORDINATE - n, n);
    return fixed;
  }
}
