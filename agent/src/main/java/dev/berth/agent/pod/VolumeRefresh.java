package dev.berth.agent.pod;

import dev.berth.agent.linux.ErrnoException;
import dev.berth.agent.volume.MissingReferenceException;
import dev.berth.api.ApiException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Shows running containers the newest form of what their volumes refer to. Nothing here throws:
/// volumes that cannot be made anew keep their old files, and the pod goes on with them.
final class VolumeRefresh {
  private static final Duration RETRY = Duration.ofSeconds(30);
  private final PodContext pod;
  private Optional<Instant> again = Optional.empty();

  VolumeRefresh(PodContext pod) {
    this.pod = pod;
  }

  void refresh() {
    again = Optional.empty();
    try {
      pod.volumes.ensure(pod.self());
    } catch (UncheckedIOException e) {
      later(e.getMessage() + ": " + e.getCause());
    } catch (MissingReferenceException | ApiException | ErrnoException e) {
      later(String.valueOf(e.getMessage()));
    }
  }

  /// What is missing is followed, and its coming is told; nobody tells when a disk has room again.
  private void later(String why) {
    again = Optional.of(pod.now().plus(RETRY));
    pod.warning("FailedMount", why);
  }

  /// Nobody runs who would see it.
  void skip() {
    again = Optional.empty();
  }

  /// When a refresh that failed is tried again.
  Optional<Instant> due() {
    return again;
  }
}
