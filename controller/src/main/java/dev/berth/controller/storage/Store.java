package dev.berth.controller.storage;

import java.util.Optional;

/// Ordered, versioned key-value store: the port that every durable thing of the controller goes
/// through. All methods may be called from any thread.
public interface Store extends AutoCloseable {
  /// The newest committed revision.
  long revision();

  Optional<Versioned> get(String key);

  /// Everything under the prefix now.
  Range list(String prefix);

  /// Everything under the prefix as of `revision`.
  ///
  /// @throws RevisionGoneException when that revision was compacted away
  Range list(String prefix, long revision);

  /// Returns when the mutation is durable, or refused.
  ///
  /// @throws StoreException when nothing could be written; the mutation has then not happened
  Outcome commit(Mutation mutation);

  /// Changes under the prefix with revisions above `after`. `signal` runs whenever there may be
  /// something to poll; it must be quick and must not block.
  ///
  /// @throws RevisionGoneException when changes above `after` were compacted away
  Feed watch(String prefix, long after, Runnable signal);

  /// Forgets the history up to and including `revision`; the live values stay.
  void compact(long revision);

  @Override
  void close();
}
