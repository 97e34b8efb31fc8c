package dev.berth.agent.probe;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks again and again and tells when the verdict changes (or a threshold of failures is reached
/// again).
public final class ProbeLoop implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ProbeLoop.class);

  /// The wait for a container that has just started must not be rounded up to a whole period.
  private static final Duration EAGER = Duration.ofMillis(500);

  private final boolean eager;
  private final Probe probe;
  private final Supplier<Outcome> question;
  private final ProbeTimer timer;
  private final Listener listener;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Last last = new Last("", "");

  /// Who hears of it.
  public interface Listener {
    /// Called for each piece of news.
    ///
    /// @param verdict false for what was seen before a threshold was reached: it explains, and
    ///   decides nothing
    void heard(Outcome outcome, boolean verdict);
  }

  /// The newest answer and the newest verdict, for whoever looks at a pod from outside.
  public record Last(String answer, String verdict) {}

  /// A probe that does not run yet.
  ///
  /// @param eager asks twice a second until the first good answer; failures still count once a
  ///   period
  /// @param listener hears of the first verdict, of each change, and of each further row of
  ///   failures
  ProbeLoop(
      boolean eager, Probe probe, Supplier<Outcome> question, ProbeTimer timer, Listener listener) {
    this.eager = eager;
    this.probe = probe;
    this.question = question;
    this.timer = timer;
    this.listener = listener;
  }

  /// Starts at once, on a thread of its own.
  public static ProbeLoop start(
      String name,
      boolean eager,
      Probe probe,
      ProbeTarget target,
      Prober prober,
      ProbeTimer timer,
      Listener listener) {
    ProbeLoop loop = new ProbeLoop(eager, probe, () -> prober.ask(probe, target), timer, listener);
    var _ = Thread.ofVirtual().name("probe-" + name).start(loop::run);
    return loop;
  }

  public Last last() {
    return last;
  }

  void run() {
    Tally tally = new Tally(probe);
    try {
      boolean open = timer.pause(probe.initialDelay(), closed);
      long start = timer.nanos();
      while (open) {
        Duration elapsed = Duration.ofNanos(timer.nanos() - start);
        take(tally, ask(), elapsed);
        open = timer.pause(pause(eager && !tally.everGood(), probe.period()), closed);
      }
    } catch (InterruptedException e) {
      log.atTrace().log("probe ends");
    }
  }

  /// A question that could not be put is a bad answer; the loop goes on.
  private Outcome ask() {
    try {
      return question.get();
    } catch (RuntimeException e) {
      return Outcome.bad(String.valueOf(e.getMessage()));
    }
  }

  private void take(Tally tally, Outcome outcome, Duration elapsed) {
    Tally.News news = tally.take(outcome, elapsed);
    String answer = outcome.ok() ? "ok" : outcome.message();
    last = new Last(answer, news == Tally.News.VERDICT ? answer : last.verdict());
    if (news != Tally.News.NONE && closed.getCount() > 0) {
      listener.heard(outcome, news == Tally.News.VERDICT);
    }
  }

  private static Duration pause(boolean eager, Duration period) {
    return eager && EAGER.compareTo(period) < 0 ? EAGER : period;
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
