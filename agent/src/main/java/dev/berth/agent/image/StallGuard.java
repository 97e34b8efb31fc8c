package dev.berth.agent.image;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Closes a stream that has brought next to nothing for a while, so that a server that goes silent
/// in the middle of an answer, or sends a byte now and then, does not hold its reader for ever. A
/// thread of its own watches until the stream is closed.
final class StallGuard extends FilterInputStream {
  /// Bytes that have to come in the time that is waited, or the end; a link of 56 kbit/s brings
  /// more than that in ten seconds.
  private static final long LEAST = 64 << 10;

  private final Duration patience;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicLong moved = new AtomicLong();
  private volatile boolean stalled;

  StallGuard(InputStream in, Duration patience) {
    super(in);
    this.patience = patience;
    Thread.ofVirtual().name("stall-guard").start(this::watch);
  }

  private void watch() {
    try {
      do {
        moved.set(0);
      } while (!closed.await(patience.toMillis(), TimeUnit.MILLISECONDS) && moved.get() >= LEAST);
      if (closed.getCount() > 0) {
        stalled = true;
        in.close();
      }
    } catch (IOException e) {
      stalled = true; // the reader finds it broken all the same
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    try {
      int n = super.read(into, offset, length);
      moved.addAndGet(Math.max(n, 0));
      return n;
    } catch (IOException e) {
      throw stalled
          ? new IOException("next to nothing came for " + patience.toSeconds() + " s", e)
          : e;
    }
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    super.close();
  }
}
