package dev.berth.agent.probe;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The time in which a probe lives, so that a test needs none.
public interface ProbeTimer {
  ProbeTimer SYSTEM =
      new ProbeTimer() {
        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public boolean pause(Duration time, CountDownLatch closed) throws InterruptedException {
          return !closed.await(time.toNanos(), TimeUnit.NANOSECONDS);
        }
      };

  long nanos();

  /// Waits; false as soon as the probe is closed.
  boolean pause(Duration time, CountDownLatch closed) throws InterruptedException;
}
