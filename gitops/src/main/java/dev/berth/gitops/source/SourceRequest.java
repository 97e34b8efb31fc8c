package dev.berth.gitops.source;

import dev.berth.api.gitops.GitRef;

/// What to look for, and how much of it is taken.
///
/// @param maxSizeBytes what one fetch may bring
public record SourceRequest(
    String url, GitRef ref, Credentials credentials, long maxSizeBytes, Patience patience) {

  /// Which clone this is of: equal for all who may share one.
  public String cloneKey() {
    return dev.berth.api.Digest.sha256(
            (url + "\n" + credentials.fingerprint() + "\n" + maxSizeBytes)
                .getBytes(java.nio.charset.StandardCharsets.UTF_8))
        .hex()
        .substring(0, 32);
  }
}
