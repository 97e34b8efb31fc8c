package dev.berth.controller.storage;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/// The live values and a ring of the newest changes, both in memory.
///
/// Every committed mutation takes exactly one revision, so the changes in the ring are contiguous:
/// revision r lies in slot r mod capacity. A list at an older revision is the present one with the
/// newer changes undone. `floor` is the newest revision whose change is no longer held.
///
/// One writer at a time calls [#begin], decides, makes the batch durable and calls [#apply];
/// readers come from any thread and see a batch as a whole.
final class MvccCore {
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final NavigableMap<String, Versioned> live = new TreeMap<>();
  private final @Nullable Change[] ring;
  private final long maxBytes;
  private final List<Feed> feeds = new CopyOnWriteArrayList<>();
  private long heldBytes;
  private long revision;
  private long floor;

  /// Between `floor` and `revision`; read without the lock.
  private volatile long middle;

  MvccCore(int capacity, long maxBytes) {
    this.ring = new Change[capacity];
    this.maxBytes = maxBytes;
  }

  /// Changes up to revision `upTo`.
  record Slice(List<Change> changes, long upTo) {}

  void load(Collection<Versioned> values, long newest) {
    values.forEach(value -> live.put(value.key(), value));
    revision = newest;
    floor = newest;
    middle = newest;
  }

  long revision() {
    return reading(() -> revision);
  }

  Optional<Versioned> get(String key) {
    return Optional.ofNullable(reading(() -> live.get(key)));
  }

  Range list(String prefix) {
    return reading(() -> new Range(List.copyOf(under(prefix).values()), revision));
  }

  Range list(String prefix, long at) {
    return reading(() -> at == revision ? list(prefix) : listOld(prefix, at));
  }

  private Range listOld(String prefix, long at) {
    requireHeld(at);
    NavigableMap<String, Versioned> past = new TreeMap<>(under(prefix));
    for (long r = revision; r > at; r--) {
      Change change = change(r);
      if (change.key().startsWith(prefix)) {
        undo(past, change);
      }
    }
    return new Range(List.copyOf(past.values()), at);
  }

  private static void undo(Map<String, Versioned> values, Change change) {
    if (change.before() == null) {
      values.remove(change.key());
    } else {
      values.put(change.key(), change.before());
    }
  }

  Feed watch(String prefix, long after, Runnable signal) {
    return reading(
        () -> {
          requireHeld(after);
          Feed feed = new Feed(this, prefix, after, signal);
          feeds.add(feed);
          return feed;
        });
  }

  void forget(Feed feed) {
    feeds.remove(feed);
  }

  Slice changes(String prefix, long after, int max) {
    return reading(
        () -> {
          requireHeld(after);
          List<Change> found = new ArrayList<>();
          long r = after;
          while (r < revision && found.size() < max) {
            Change change = change(++r);
            if (change.key().startsWith(prefix)) {
              found.add(change);
            }
          }
          return new Slice(found, r);
        });
  }

  /// Who stands before this revision does well to go on: half of what is held is newer.
  long middle() {
    return middle;
  }

  Batch begin() {
    return new Batch(revision);
  }

  void apply(Batch batch) {
    lock.writeLock().lock();
    try {
      batch.changes().forEach(this::applyOne);
      middle = floor + (revision - floor) / 2;
    } finally {
      lock.writeLock().unlock();
    }
    wake(batch.changes());
  }

  private void applyOne(Change change) {
    revision = change.revision();
    if (change.kind() == Change.Kind.DELETED) {
      live.remove(change.key());
    } else {
      live.put(change.key(), change.after());
    }
    if (change.before() != null) {
      change.before().superseded();
    }
    if (revision - floor > ring.length) {
      release();
    }
    ring[slot(revision)] = change;
    heldBytes += change.after().bytes().length;
    while (heldBytes > maxBytes && floor < revision - 1) {
      release();
    }
  }

  void compact(long upTo) {
    lock.writeLock().lock();
    try {
      while (floor < Math.min(upTo, revision)) {
        release();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void release() {
    floor++;
    heldBytes -= change(floor).after().bytes().length;
    ring[slot(floor)] = null;
  }

  private void wake(List<Change> changes) {
    for (Feed feed : feeds) {
      if (changes.stream().anyMatch(feed::wants)) {
        feed.wake();
      }
    }
  }

  private void requireHeld(long at) {
    if (at < floor) {
      throw new RevisionGoneException(at, floor);
    }
  }

  private Change change(long r) {
    Change change = ring[slot(r)];
    if (change == null) {
      throw new IllegalStateException("revision " + r + " is not held");
    }
    return change;
  }

  private int slot(long r) {
    return (int) (r % ring.length);
  }

  private NavigableMap<String, Versioned> under(String prefix) {
    return live.subMap(prefix, true, prefix + Character.MAX_VALUE, false);
  }

  private <T extends @Nullable Object> T reading(java.util.function.Supplier<T> read) {
    lock.readLock().lock();
    try {
      return read.get();
    } finally {
      lock.readLock().unlock();
    }
  }

  /// Mutations decided but not yet visible. A later mutation of the batch sees the earlier ones.
  final class Batch {
    private final List<Change> changes = new ArrayList<>();
    private final Map<String, Optional<Versioned>> pending = new TreeMap<>();
    private long next;

    private Batch(long revision) {
      this.next = revision;
    }

    Outcome decide(Mutation mutation) {
      Versioned found = present(mutation.key());
      long at = found == null ? Mutation.ABSENT : found.revision();
      boolean deletesNothing = mutation instanceof Mutation.Delete && found == null;
      if (at != mutation.expected() || deletesNothing) {
        return new Outcome.Conflict(found);
      }
      Change change = change(mutation, found, next + 1);
      next++;
      changes.add(change);
      pending.put(mutation.key(), Optional.ofNullable(change.live()));
      return new Outcome.Committed(change);
    }

    private static Change change(Mutation mutation, @Nullable Versioned found, long at) {
      Versioned after = new Versioned(mutation.key(), mutation.bytesAt().apply(at), at);
      return new Change(kind(mutation, found), after, found);
    }

    private static Change.Kind kind(Mutation mutation, @Nullable Versioned found) {
      return switch (mutation) {
        case Mutation.Put _ -> found == null ? Change.Kind.ADDED : Change.Kind.MODIFIED;
        case Mutation.Delete _ -> Change.Kind.DELETED;
      };
    }

    private @Nullable Versioned present(String key) {
      Optional<Versioned> mine = pending.get(key);
      return mine == null ? get(key).orElse(null) : mine.orElse(null);
    }

    List<Change> changes() {
      return changes;
    }

    long revision() {
      return next;
    }
  }
}
