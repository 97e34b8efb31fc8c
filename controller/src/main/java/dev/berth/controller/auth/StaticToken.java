package dev.berth.controller.auth;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// A secret text that stands for the admin, for clients that cannot show a certificate (podman,
/// skopeo): as a Bearer token, or as the password of Basic credentials. It lies in a file that only
/// the owner of the data directory reads.
public final class StaticToken {
  private static final Identity ADMIN = new Identity("admin", List.of(Identity.MASTERS));

  private final byte[] secret;

  private StaticToken(String secret) {
    this.secret = secret.getBytes(StandardCharsets.UTF_8);
  }

  public static StaticToken open(Path file) throws IOException {
    if (!Files.exists(file)) {
      byte[] random = new byte[32];
      new SecureRandom().nextBytes(random);
      SecretFiles.write(
          file, Base64.getUrlEncoder().withoutPadding().encodeToString(random) + "\n");
    }
    return new StaticToken(Files.readString(file).strip());
  }

  /// What an Authorization header carries: a Bearer token, or the password of Basic credentials.
  static Optional<String> secretOf(String authorization) {
    int space = authorization.indexOf(' ');
    String scheme = space < 0 ? "" : authorization.substring(0, space);
    String rest = authorization.substring(space + 1).strip();
    if (scheme.equalsIgnoreCase("Bearer")) {
      return Optional.of(rest);
    }
    return scheme.equalsIgnoreCase("Basic") ? password(rest) : Optional.empty();
  }

  private static Optional<String> password(String base64) {
    try {
      String pair = new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
      int colon = pair.indexOf(':');
      return colon < 0 ? Optional.empty() : Optional.of(pair.substring(colon + 1));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  Optional<Identity> check(String given) {
    boolean same = MessageDigest.isEqual(secret, given.getBytes(StandardCharsets.UTF_8));
    return same ? Optional.of(ADMIN) : Optional.empty();
  }
}
