package dev.berth.controller.apiserver;

import dev.berth.controller.usage.Sample;
import dev.berth.controller.usage.Window;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// Asks the connected agents what is used, when somebody wants to know and not before. One round of
/// questions at a time; who comes meanwhile, or within [#FRESH] after it, gets its answers. A node
/// that does not answer is left out.
final class NodeUsage {
  private static final Duration FRESH = Duration.ofSeconds(5);

  /// A rate over more says little about now: such a sample begins no window.
  private static final Duration LONGEST = Duration.ofSeconds(60);

  /// The window of a node that was not asked for long.
  private static final Duration FIRST = Duration.ofSeconds(1);

  /// With many pods on a host that has no time to count them, an answer takes seconds; without one
  /// nothing is told of the whole node.
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final NodeTunnels tunnels;
  private final InstantSource clock;
  private final ReentrantLock asking = new ReentrantLock();
  private volatile Round last = new Round(Instant.EPOCH, Map.of());

  /// @param windows by node; those of all nodes that answered
  private record Round(Instant at, Map<String, Window> windows) {
    boolean isWithin(Duration age, Instant now) {
      return !now.isBefore(at) && Duration.between(at, now).compareTo(age) < 0;
    }
  }

  NodeUsage(NodeTunnels tunnels, InstantSource clock) {
    this.tunnels = tunnels;
    this.clock = clock;
  }

  /// The newest windows, by node. Takes up to some seconds.
  Map<String, Window> windows() {
    if (last.isWithin(FRESH, clock.instant())) {
      return last.windows();
    }
    asking.lock();
    try {
      if (!last.isWithin(FRESH, clock.instant())) {
        last = round(last);
      }
      return last.windows();
    } finally {
      asking.unlock();
    }
  }

  private Round round(Round before) {
    boolean usable = before.isWithin(LONGEST, clock.instant());
    Map<String, Window> known = usable ? before.windows() : Map.of();
    Map<String, Window> windows = new ConcurrentHashMap<>();
    CompletableFuture<?>[] asked =
        tunnels.all().stream()
            .map(
                tunnel ->
                    window(tunnel, Optional.ofNullable(known.get(tunnel.node())))
                        .thenAccept(
                            found -> found.ifPresent(window -> windows.put(tunnel.node(), window))))
            .toArray(CompletableFuture[]::new);
    CompletableFuture.allOf(asked).join();
    // Where nobody was asked, asking again costs nothing.
    Instant at = asked.length == 0 ? Instant.EPOCH : clock.instant();
    return new Round(at, Map.copyOf(windows));
  }

  private CompletableFuture<Optional<Window>> window(Tunnel tunnel, Optional<Window> before) {
    CompletableFuture<Optional<Sample>> now = later(tunnel, Duration.ZERO);
    if (before.isPresent()) {
      return now.thenApply(sample -> sample.map(to -> new Window(before.get().to(), to)));
    }
    return now.thenCompose(
        first ->
            first.isEmpty()
                ? CompletableFuture.completedFuture(Optional.empty())
                : later(tunnel, FIRST)
                    .thenApply(second -> second.map(to -> new Window(first.get(), to))));
  }

  /// On a thread of its own: the common pool, which only keeps the time, must never wait.
  private static CompletableFuture<Optional<Sample>> later(Tunnel tunnel, Duration delay) {
    CompletableFuture<Optional<Sample>> answer = new CompletableFuture<>();
    Runnable ask =
        () ->
            Thread.ofVirtual()
                .name("usage-" + tunnel.node())
                .start(() -> answer.complete(sample(tunnel)));
    CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS).execute(ask);
    return answer;
  }

  private static Optional<Sample> sample(Tunnel tunnel) {
    return AgentQuestions.ask(tunnel, "/stats", PATIENCE).flatMap(Sample::of);
  }
}
