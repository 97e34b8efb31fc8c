package dev.berth.gitops.source;

import dev.berth.api.gitops.GitRef;
import java.time.Duration;

/// What to look for, and how much of it is taken.
///
/// @param maxSizeBytes what one fetch may bring
/// @param timeout how long the server may be silent
public record SourceRequest(
    String url, GitRef ref, Credentials credentials, long maxSizeBytes, Duration timeout) {

  /// Which clone this is of: equal for all who may share one.
  public String cloneKey() {
    return dev.berth.api.Digest.sha256(
            (url + "\n" + credentials.fingerprint())
                .getBytes(java.nio.charset.StandardCharsets.UTF_8))
        .hex()
        .substring(0, 32);
  }
}
