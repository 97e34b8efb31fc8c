package dev.berth.bench;

import java.io.IOException;
import java.util.OptionalLong;

/// One way to run the stamp in a container of its own, from nothing to nothing.
interface Starter extends AutoCloseable {
  /// Nanoseconds since the container was asked for.
  ///
  /// @param entered its first instruction
  /// @param reaped its end is known; empty where nobody tells, as a command that has also removed
  ///   it
  /// @param removed nothing of it is left
  record Start(long entered, OptionalLong reaped, long removed) {}

  /// Call from platform threads, one for each lane.
  ///
  /// @param lane whose directories are used: what runs at the same time has others
  Start once(int lane) throws Exception;

  @Override
  void close() throws IOException;
}
