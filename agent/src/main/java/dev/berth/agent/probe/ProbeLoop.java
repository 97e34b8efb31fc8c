package dev.berth.agent.probe;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks again and again and tells when the verdict changes (or a threshold of failures is reached
/// again).
public final class ProbeLoop implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ProbeLoop.class);

  /// The wait for a container that has just started must not be rounded up to a whole period.
  private static final Duration EAGER = Duration.ofMillis(500);

  private final Thread thread;

  /// Who hears of it.
  public interface Listener {
    /// Called for each piece of news.
    ///
    /// @param verdict false for what was seen before a threshold was reached: it explains, and
    ///   decides nothing
    void heard(Outcome outcome, boolean verdict);
  }

  /// Starts at once.
  ///
  /// @param eager asks twice a second until the first good answer; failures still count once a
  ///   period
  /// @param listener hears of the first verdict, of each change, and of each further row of
  ///   failures
  public ProbeLoop(
      String name,
      boolean eager,
      Probe probe,
      ProbeTarget target,
      Prober prober,
      LongSupplier nanos,
      Listener listener) {
    this.thread =
        Thread.ofVirtual()
            .name("probe-" + name)
            .start(() -> run(eager, probe, target, prober, nanos, listener));
  }

  private static void run(
      boolean eager,
      Probe probe,
      ProbeTarget target,
      Prober prober,
      LongSupplier nanos,
      Listener listener) {
    Tally tally = new Tally(probe);
    try {
      Thread.sleep(probe.initialDelay());
      long start = nanos.getAsLong();
      while (!Thread.currentThread().isInterrupted()) {
        Duration elapsed = Duration.ofNanos(nanos.getAsLong() - start);
        Outcome outcome = prober.ask(probe, target);
        Tally.News news = tally.take(outcome, elapsed);
        if (news != Tally.News.NONE) {
          listener.heard(outcome, news == Tally.News.VERDICT);
        }
        Thread.sleep(pause(eager && !tally.everGood(), probe.period()));
      }
    } catch (InterruptedException e) {
      log.atTrace().log("probe ends");
    }
  }

  private static Duration pause(boolean eager, Duration period) {
    return eager && EAGER.compareTo(period) < 0 ? EAGER : period;
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
