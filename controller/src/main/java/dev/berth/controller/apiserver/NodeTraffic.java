package dev.berth.controller.apiserver;

import dev.berth.api.ObjectKey;
import dev.berth.controller.usage.EndpointTraffic;
import dev.berth.controller.usage.TrafficReport;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

/// Asks the connected agents what their gateways counted, when somebody looks and not before: the
/// agents keep the last minutes themselves. One round of questions at a time; who comes meanwhile,
/// or within [#FRESH] after it, gets the last answers at once. A node that does not answer is left
/// out.
public final class NodeTraffic {
  private static final Duration FRESH = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final NodeTunnels tunnels;
  private final InstantSource clock;
  private final ReentrantLock asking = new ReentrantLock();
  private volatile Round last = new Round(Instant.EPOCH, Map.of());

  private record Round(Instant at, Map<ObjectKey, EndpointTraffic> traffic) {
    boolean isFresh(Instant now) {
      return !now.isBefore(at) && Duration.between(at, now).compareTo(FRESH) < 0;
    }
  }

  public NodeTraffic(NodeTunnels tunnels, InstantSource clock) {
    this.tunnels = tunnels;
    this.clock = clock;
  }

  /// By ModelApp; one without calls in the last minutes, and for which none waits, is not in it.
  public Map<ObjectKey, EndpointTraffic> figures() {
    if (!last.isFresh(clock.instant()) && asking.tryLock()) {
      try {
        Instant asked = clock.instant();
        List<TrafficReport> reports = reports();
        last = new Round(asked, EndpointTraffic.sum(reports, clock.instant()));
      } finally {
        asking.unlock();
      }
    }
    return last.traffic();
  }

  private List<TrafficReport> reports() {
    List<CompletableFuture<Optional<TrafficReport>>> asked =
        tunnels.all().stream().map(NodeTraffic::later).toList();
    return asked.stream().map(CompletableFuture::join).flatMap(Optional::stream).toList();
  }

  private static CompletableFuture<Optional<TrafficReport>> later(Tunnel tunnel) {
    CompletableFuture<Optional<TrafficReport>> answer = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("traffic-" + tunnel.node())
        .start(
            () ->
                answer.complete(
                    AgentQuestions.ask(tunnel, "/traffic", PATIENCE).flatMap(TrafficReport::of)));
    return answer;
  }
}
