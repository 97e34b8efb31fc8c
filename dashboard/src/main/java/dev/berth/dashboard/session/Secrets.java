package dev.berth.dashboard.session;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.random.RandomGenerator;

/// Random texts that prove something by being known. They are looked up and compared by their
/// digest: how long that takes tells nothing about the secret.
final class Secrets {
  /// 256 bits, as many as the digest has.
  private static final int BYTES = 32;

  private final RandomGenerator random;

  /// @param random must be one that nobody can foretell
  Secrets(RandomGenerator random) {
    this.random = random;
  }

  /// 43 characters of the URL-safe alphabet.
  String next() {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  static String digest(String secret) {
    return Base64.getEncoder().encodeToString(sum(secret));
  }

  static boolean same(String a, String b) {
    return MessageDigest.isEqual(sum(a), sum(b));
  }

  private static byte[] sum(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
