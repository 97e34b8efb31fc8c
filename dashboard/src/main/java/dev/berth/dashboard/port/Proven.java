package dev.berth.dashboard.port;

import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Somebody who showed credentials.
///
/// @param until when the credentials end, if that is known beforehand
/// @param holds whether they are still good: false once a token was revoked or has run out, asked
///   at every use of a session that was made of them
public record Proven(Viewer viewer, Optional<Instant> until, BooleanSupplier holds) {
  public boolean isGood(Instant now) {
    return until.map(now::isBefore).orElse(true) && holds.getAsBoolean();
  }
}
