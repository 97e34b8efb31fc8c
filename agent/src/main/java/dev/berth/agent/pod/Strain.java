package dev.berth.agent.pod;

import dev.berth.agent.cgroup.Limited;
import dev.berth.agent.diagnosis.Diagnosis;
import dev.berth.agent.diagnosis.ExitCause;
import dev.berth.api.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What the kernel refuses a container that goes on running: processes beyond its limit, or memory,
/// when the one that was killed for it was not the first process. Told while it happens and for a
/// minute after, so that a burst now and then does not make the status flap. Pure.
///
/// @param forks refused so far
/// @param kills of processes for want of memory so far
/// @param forked when the last refused fork was seen; the epoch for never
/// @param killed when the last kill was seen; the epoch for never
record Strain(long forks, long kills, Instant forked, Instant killed) {
  static final Duration STANDS = Duration.ofSeconds(60);

  /// Of a container whose counters begin now.
  static final Strain NONE = new Strain(0, 0, Instant.EPOCH, Instant.EPOCH);

  /// Of a container that ran before we looked: when that was is not known, so it is not told.
  static Strain before(Limited seen) {
    return new Strain(seen.refusedForks(), seen.oomKills(), Instant.EPOCH, Instant.EPOCH);
  }

  Strain next(Limited seen, Instant now) {
    return new Strain(
        Math.max(forks, seen.refusedForks()),
        Math.max(kills, seen.oomKills()),
        seen.refusedForks() > forks ? now : forked,
        seen.oomKills() > kills ? now : killed);
  }

  /// Memory first: what was killed is gone, what was refused may be tried again.
  Optional<Diagnosis> diagnosis(Limited limits, Instant now) {
    if (recent(killed, now)) {
      return Optional.of(
          new Diagnosis(
              Reason.OUT_OF_MEMORY,
              "a process of the container ran out of memory and was killed: the limit is "
                  + ExitCause.bytes(limits.memoryLimit())
                  + ", it had used "
                  + ExitCause.bytes(limits.memoryPeak())));
    }
    return recent(forked, now)
        ? Optional.of(
            new Diagnosis(
                Reason.TOO_MANY_PROCESSES,
                "the container wants more than its "
                    + limits.processLimit()
                    + " processes and threads: "
                    + forks
                    + " were refused so far"))
        : Optional.empty();
  }

  private static boolean recent(Instant seen, Instant now) {
    return now.isBefore(seen.plus(STANDS));
  }
}
