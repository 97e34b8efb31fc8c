package dev.berth.controller.storage;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// A reader's place in the history. The history itself is the buffer: a slow reader costs no memory
/// and, when it falls behind what the history holds, is told so by [RevisionGoneException]. One
/// reader polls; signals come from the writer, at most one between two polls.
public final class Feed implements AutoCloseable {
  private final MvccCore core;
  private final String prefix;
  private final Runnable signal;
  private final AtomicBoolean signalled = new AtomicBoolean();
  private volatile long position;

  Feed(MvccCore core, String prefix, long after, Runnable signal) {
    this.core = core;
    this.prefix = prefix;
    this.position = after;
    this.signal = signal;
  }

  /// The next changes in order, at most `max`; empty when there are none yet.
  public List<Change> poll(int max) {
    signalled.set(false);
    MvccCore.Slice slice = core.changes(prefix, position, max);
    position = slice.upTo();
    return slice.changes();
  }

  /// Every change up to this revision was polled.
  public long position() {
    return position;
  }

  /// Nothing up to this revision is left to be polled: what is newer than the place was none of
  /// this reader's. For people: what was committed just now may be a moment ahead of its signal.
  public long reached() {
    long newest = core.revision();
    return signalled.get() ? position : Math.max(position, newest);
  }

  /// Whether a change came since the last poll began, set before the write is acknowledged; or
  /// whether the place is so old that a reader who only waits for signals might lose it.
  public boolean isSignalled() {
    return signalled.get() || position < core.middle();
  }

  void wake() {
    if (signalled.compareAndSet(false, true)) {
      signal.run();
    }
  }

  boolean wants(Change change) {
    return change.key().startsWith(prefix);
  }

  @Override
  public void close() {
    core.forget(this);
  }
}
