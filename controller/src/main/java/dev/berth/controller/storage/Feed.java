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
  private long position;

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
