package dev.berth.agent.probe;

import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks again and again and tells when the verdict changes (or a threshold of failures is reached
/// again).
public final class ProbeLoop implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ProbeLoop.class);

  /// The wait for a container that has just started must not be rounded up to a whole period.
  private static final Duration EAGER = Duration.ofMillis(500);

  private final Thread thread;

  /// Starts at once.
  ///
  /// @param eager asks twice a second until the first good answer, which makes failures count
  ///   faster too: for readiness only
  /// @param verdicts hears of the first verdict, of each change, and of each further row of
  ///   failures
  public ProbeLoop(
      String name,
      boolean eager,
      Probe probe,
      ProbeTarget target,
      Prober prober,
      Consumer<Outcome> verdicts) {
    this.thread =
        Thread.ofVirtual()
            .name("probe-" + name)
            .start(() -> run(eager, probe, target, prober, verdicts));
  }

  private static void run(
      boolean eager, Probe probe, ProbeTarget target, Prober prober, Consumer<Outcome> verdicts) {
    int good = 0;
    int bad = 0;
    boolean everGood = false;
    try {
      Thread.sleep(probe.initialDelay());
      while (!Thread.currentThread().isInterrupted()) {
        Outcome outcome = prober.ask(probe, target);
        good = outcome.ok() ? good + 1 : 0;
        bad = outcome.ok() ? 0 : bad + 1;
        everGood |= outcome.ok();
        if (good == probe.successes() || (bad > 0 && bad % probe.failures() == 0)) {
          verdicts.accept(outcome);
        }
        Thread.sleep(eager && !everGood ? EAGER : probe.period());
      }
    } catch (InterruptedException e) {
      log.atTrace().log("probe ends");
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
