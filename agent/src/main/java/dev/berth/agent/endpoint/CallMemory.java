package dev.berth.agent.endpoint;

import java.util.concurrent.Semaphore;

/// What calls hold in memory, all together: many large ones at once must not end the agent and with
/// it the network of every container. Thread-safe.
public final class CallMemory {
  /// Of the memory that this process may take.
  private static final int SHARE = 2;

  /// In which a body is held while it goes from hand to hand: as read, as sent, in the queues of
  /// either.
  private static final int COPIES = 4;

  private static final int UNIT = 1024;
  private final Semaphore units;

  /// @param least what there is at least, in bytes
  public CallMemory(long least) {
    this.units =
        new Semaphore(
            Math.clamp(
                Math.max(least, Runtime.getRuntime().maxMemory() / SHARE) / UNIT,
                1,
                Integer.MAX_VALUE));
  }

  public Held hold() {
    return new Held();
  }

  /// What one call holds, until it is closed.
  public final class Held implements AutoCloseable {
    private long bytes;
    private int taken;
    private boolean closed;

    private Held() {}

    /// The same as [#take] for a piece of a body, with its copies.
    public boolean takeBody(long bytes) {
      return take(bytes * COPIES);
    }

    /// False when there is no room for so many bytes more, or the call is over.
    public synchronized boolean take(long more) {
      int units = Math.toIntExact((bytes + more + UNIT - 1) / UNIT) - taken;
      if (closed || !CallMemory.this.units.tryAcquire(units)) {
        return false;
      }
      bytes += more;
      taken += units;
      return true;
    }

    @Override
    public synchronized void close() {
      closed = true;
      units.release(taken);
      taken = 0;
    }
  }
}
