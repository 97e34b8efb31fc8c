package dev.berth.controller.storage;

import java.util.Optional;

/// The reading half that every store here shares: all of it is answered from memory.
abstract sealed class CoreStore implements Store permits InMemoryStore, SqliteStore {
  static final int HISTORY = 16_384;
  static final long HISTORY_BYTES = 64L << 20;

  final MvccCore core;

  CoreStore(MvccCore core) {
    this.core = core;
  }

  @Override
  public long revision() {
    return core.revision();
  }

  @Override
  public Optional<Versioned> get(String key) {
    return core.get(key);
  }

  @Override
  public Range list(String prefix) {
    return core.list(prefix);
  }

  @Override
  public Range list(String prefix, long revision) {
    return core.list(prefix, revision);
  }

  @Override
  public Feed watch(String prefix, long after, Runnable signal) {
    return core.watch(prefix, after, signal);
  }

  @Override
  public void compact(long revision) {
    core.compact(revision);
  }
}
