package dev.berth.controller.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Tokens whose signature was checked before: the check of one (ES256) takes as long as all the
/// rest of a small request. Nothing else is remembered: whether a token is still in time, and
/// whether what it is bound to still lives, is judged anew by who asks. What proves nothing leaves
/// no trace.
///
/// Thread-safe.
final class ProvenTokens {
  private static final int MOST = 4_096;

  private final Map<String, Proven> byDigest =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Proven> eldest) {
          return size() > MOST;
        }
      };

  private record Proven(String keyId, ObjectNode claims) {}

  /// The claims of a token that this key signed, as [Jwt#verify] finds them. They are shared:
  /// nobody may change them.
  Optional<ObjectNode> claims(String token, TokenKey key) {
    String digest = digest(token);
    Optional<ObjectNode> known = known(digest, key);
    if (known.isPresent()) {
      return known;
    }
    Optional<ObjectNode> claims = Jwt.verify(token, key);
    claims.ifPresent(c -> remember(digest, new Proven(key.id(), c)));
    return claims;
  }

  private synchronized Optional<ObjectNode> known(String digest, TokenKey key) {
    return Optional.ofNullable(byDigest.get(digest))
        .filter(proven -> proven.keyId().equals(key.id()))
        .map(Proven::claims);
  }

  private synchronized void remember(String digest, Proven proven) {
    byDigest.put(digest, proven);
  }

  synchronized int size() {
    return byDigest.size();
  }

  /// So that no token lies in memory for longer than its request.
  private static String digest(String token) {
    try {
      byte[] sum =
          MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(sum);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
