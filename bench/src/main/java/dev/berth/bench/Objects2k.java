package dev.berth.bench;

import java.nio.charset.StandardCharsets;

/// Values of about 2 KB, no two alike: the size that objects of Kubernetes commonly have.
final class Objects2k {
  private static final int FILL = 1_700;
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

  private Objects2k() {}

  /// @param version makes it another than before
  static byte[] configMap(String name, long version) {
    return """
    {"apiVersion":"v1","kind":"ConfigMap",\
    "metadata":{"name":"%s","namespace":"%s","labels":{"app":"bench"}},\
    "data":{"version":"%d","fill":"%s"}}\
    """
        .formatted(name, BerthServer.NAMESPACE, version, fill(version))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String fill(long version) {
    StringBuilder fill = new StringBuilder(FILL);
    long state = version * 0x9E3779B97F4A7C15L + 1;
    while (fill.length() < FILL) {
      state = state * 6364136223846793005L + 1442695040888963407L;
      fill.append(LETTERS.charAt((int) (state >>> 33) % LETTERS.length()));
    }
    return fill.toString();
  }
}
