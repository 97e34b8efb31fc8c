package dev.berth.gitops.source;

import dev.berth.api.gitops.GitRef;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Keeps one repository's source looked after: asks the remote when it is time, never twice at
/// once, with a pause that grows while it fails, and remembers the last good answer. Asking happens
/// on the given executor; whoever looks never waits. Any thread.
public final class SourceWatch {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  private static final Duration LEAST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  /// What is known now.
  ///
  /// @param revision the last good answer, also while the remote cannot be reached
  /// @param failure why the last try failed
  /// @param next when the remote is asked again; empty where only a webhook or a person asks
  /// @param asking whether it is being asked now
  public record View(
      Optional<Revision> revision,
      Optional<SourceException> failure,
      Optional<Instant> checked,
      Duration took,
      Optional<Instant> next,
      boolean asking) {}

  private final Clones clones;
  private final Executor executor;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Runnable wake;

  private @Nullable SourceRequest request;
  private Duration interval = Duration.ZERO;
  private Optional<Revision> revision = Optional.empty();
  private Optional<SourceException> failure = Optional.empty();
  private Optional<Instant> checked = Optional.empty();
  private Duration took = Duration.ZERO;
  private Optional<Instant> next = Optional.empty();
  private int failures;
  private boolean asking;
  private boolean again;

  /// @param wake called after each answer, on the executor's thread
  public SourceWatch(
      Clones clones,
      Executor executor,
      InstantSource clock,
      RandomGenerator random,
      Runnable wake) {
    this.clones = clones;
    this.executor = executor;
    this.clock = clock;
    this.random = random;
    this.wake = wake;
  }

  /// Begins to ask where it is time for it, and tells what is known.
  ///
  /// @param now whether somebody wants it asked now
  public synchronized View look(SourceRequest wanted, Duration every, boolean now) {
    boolean changed = !wanted.equals(request);
    if (changed) {
      request = wanted;
      revision = Optional.empty();
      failure = Optional.empty();
    }
    if (!every.equals(interval)) {
      interval = every;
      next = next.isPresent() && failures == 0 ? pause(every) : next;
    }
    boolean due = next.filter(time -> !clock.instant().isBefore(time)).isPresent();
    if (now && !changed && !due && checked.filter(this::isFresh).isPresent()) {
      // Somebody may send the same webhook again and again: the remote does not feel it.
      next = checked.map(time -> time.plus(LEAST_PAUSE));
    } else if (changed || now || due) {
      ask(changed || now);
    }
    return new View(revision, failure, checked, took, next, asking);
  }

  /// Brings a commit that is not here any more, such as one to go back to; `wake` is called after.
  /// What went wrong is told by [#look] as any failure.
  public synchronized void bring(String commit) {
    SourceRequest wanted = request;
    if (wanted == null || asking) {
      return;
    }
    asking = true;
    SourceRequest exact =
        new SourceRequest(
            wanted.url(),
            new GitRef.Commit(commit),
            wanted.credentials(),
            wanted.maxSizeBytes(),
            wanted.patience());
    executor.execute(() -> run(wanted, exact));
  }

  public synchronized Optional<SourceRequest> request() {
    return Optional.ofNullable(request);
  }

  private void ask(boolean anew) {
    if (asking) {
      // What is asked now may have begun before the push that somebody tells us about.
      again |= anew;
      return;
    }
    asking = true;
    again = false;
    SourceRequest asked = java.util.Objects.requireNonNull(request);
    executor.execute(() -> run(asked, asked));
  }

  /// @param exact what is looked for: what was asked, or one commit of the same source
  private void run(SourceRequest asked, SourceRequest exact) {
    Instant begun = clock.instant();
    Optional<Revision> found = Optional.empty();
    Optional<SourceException> failed = Optional.empty();
    try {
      Revision revisionFound = clones.find(exact);
      found = Optional.of(revisionFound).filter(_ -> exact.equals(asked));
    } catch (SourceException e) {
      failed = Optional.of(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    } catch (RuntimeException e) {
      failed = Optional.of(new SourceException(SourceException.FETCH_FAILED, String.valueOf(e), e));
    }
    answered(asked, begun, found, failed);
    wake.run();
  }

  private synchronized void answered(
      SourceRequest asked,
      Instant begun,
      Optional<Revision> found,
      Optional<SourceException> failed) {
    asking = false;
    if (asked.equals(request)) {
      checked = Optional.of(begun);
      took = Duration.between(begun, clock.instant());
      revision = found.or(() -> revision);
      failure = failed;
      failures = failed.isPresent() ? Math.min(failures + 1, 20) : 0;
      next = failed.isPresent() ? pause(backoff()) : pause(interval);
    }
    if (again || !asked.equals(request)) {
      ask(false);
    }
  }

  private boolean isFresh(Instant time) {
    return clock.instant().isBefore(time.plus(LEAST_PAUSE));
  }

  private Duration backoff() {
    long factor = 1L << Math.min(10, failures - 1);
    Duration pause = FIRST_PAUSE.multipliedBy(factor);
    return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
  }

  /// Give or take a fifth, so that many repositories on one server do not ask together.
  private Optional<Instant> pause(Duration around) {
    if (around.isZero()) {
      return Optional.empty();
    }
    double factor = 0.8 + 0.4 * random.nextDouble();
    return Optional.of(clock.instant().plusMillis((long) (around.toMillis() * factor)));
  }
}
