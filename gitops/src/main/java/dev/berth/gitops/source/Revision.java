package dev.berth.gitops.source;

import java.time.Instant;
import java.util.Optional;

/// A commit that was found and fetched.
///
/// @param name what was asked for, as people say it: `main`, `v1.2.0`, `commit`
/// @param commit 40 hexadecimal digits
/// @param tag the id of the annotated tag that led there
public record Revision(
    String name,
    String commit,
    Optional<String> tag,
    String author,
    String subject,
    Instant committedAt) {

  /// `main@sha1:3f2a91c0...`.
  public String text() {
    return name + "@sha1:" + commit;
  }
}
