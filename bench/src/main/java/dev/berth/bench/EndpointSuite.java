package dev.berth.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One question of 1 KB through the gateway, answered with 1 KB: what it costs the gateway, how
/// long it takes when there is room, and what one slow replica among four does to everybody.
final class EndpointSuite {
  private static final int CLIENTS = 32;
  private static final int SLOW_CLIENTS = 16;
  private static final Duration FAST = Duration.ofMillis(5);
  private static final Duration SLOW = Duration.ofMillis(200);
  private static final byte[] QUESTION = new byte[1_024];
  private static final String NGINX = "nginx";
  private static final String HAPROXY = "haproxy";

  private final Bench bench;
  private final Proxies proxies;
  private final Optional<Path> nginx;
  private final Optional<Path> haproxy;

  EndpointSuite(Bench bench) {
    this.bench = bench;
    this.proxies = new Proxies(bench);
    this.nginx = Tool.peer(NGINX, "nginx-light");
    this.haproxy = Tool.peer(HAPROXY, "haproxy");
  }

  List<Result> run() throws Exception {
    List<Result> results = new ArrayList<>();
    if (nginx.isPresent()) {
      results.addAll(through());
    } else {
      System.err.println("bench: the replica is an nginx too: only the slow replica is measured");
    }
    results.addAll(slowReplica());
    return results;
  }

  private List<Result> through() throws Exception {
    Map<String, Line> lines = new LinkedHashMap<>();
    try (Proxies.Proxy replica = proxies.replica(nginx.orElseThrow())) {
      List<Integer> replicas = List.of(replica.port());
      try {
        Line ours = line(proxies.gateway(replicas), CLIENTS);
        lines.put("", ours);
        lines.put(NGINX, line(proxies.nginx(nginx.orElseThrow(), replicas), CLIENTS));
        if (haproxy.isPresent()) {
          lines.put(HAPROXY, line(proxies.haproxy(haproxy.get(), replicas), CLIENTS));
        }
        Load.run(ours.clients(), Peers.WARM_UP);
        double[] rate = {0};
        List<Result> results = new ArrayList<>();
        results.addAll(new Contest(bench.rounds()).run(() -> full(ours), peers(lines, this::full)));
        rate[0] = halfOf(lines.getOrDefault(NGINX, ours));
        results.addAll(
            new Contest(bench.rounds())
                .run(() -> half(ours, rate[0]), peers(lines, line -> half(line, rate[0]))));
        return results;
      } finally {
        for (Line line : lines.values()) {
          line.close();
        }
      }
    }
  }

  /// nginx's own pace is the measure for all.
  private double halfOf(Line line) throws Exception {
    Load.Outcome most = Load.run(line.clients(), bench.turn());
    return most.count() / (most.wallNanos() / 1e9) / 2;
  }

  private Map<Cost, Double> full(Line line) throws Exception {
    double before = line.proxy().process().cpuSeconds();
    Load.Outcome outcome = Load.run(line.clients(), bench.turn());
    double cpu = line.proxy().process().cpuSeconds() - before;
    String of = "POST of 1 KB, " + CLIENTS + " clients, ";
    Map<Cost, Double> costs = new LinkedHashMap<>();
    costs.put(new Cost(of + "proxy's CPU", "us/request"), cpu * 1e6 / outcome.count());
    costs.put(new Cost(of + "time", "us/request"), outcome.microsEach());
    costs.put(new Cost(of + "p99", "ms"), outcome.p99Millis());
    return costs;
  }

  private Map<Cost, Double> half(Line line, double rate) throws Exception {
    double before = line.proxy().process().cpuSeconds();
    Load.Outcome outcome = Load.paced(line.clients(), rate, bench.turn());
    double cpu = line.proxy().process().cpuSeconds() - before;
    String of = "POST of 1 KB at half of nginx's pace, ";
    Map<Cost, Double> costs = new LinkedHashMap<>();
    costs.put(new Cost(of + "p99", "ms"), outcome.p99Millis());
    costs.put(new Cost(of + "proxy's CPU", "us/request"), cpu * 1e6 / outcome.count());
    return costs;
  }

  private List<Result> slowReplica() throws Exception {
    List<StandIn> replicas = new ArrayList<>();
    Map<String, Line> lines = new LinkedHashMap<>();
    try {
      for (Duration takes : List.of(FAST, FAST, FAST, SLOW)) {
        replicas.add(new StandIn(takes));
      }
      List<Integer> ports = replicas.stream().map(StandIn::port).toList();
      Line ours = line(proxies.gateway(ports), SLOW_CLIENTS);
      lines.put("", ours);
      if (haproxy.isPresent()) {
        lines.put(HAPROXY, line(proxies.haproxy(haproxy.get(), ports), SLOW_CLIENTS));
      }
      return new Contest(bench.rounds()).run(() -> slow(ours), peers(lines, this::slow));
    } finally {
      for (Line line : lines.values()) {
        line.close();
      }
      for (StandIn replica : replicas) {
        replica.close();
      }
    }
  }

  private Map<Cost, Double> slow(Line line) throws Exception {
    Load.Outcome outcome = Load.run(line.clients(), bench.turn());
    String of = "one replica of four takes 200 ms, not 5; " + SLOW_CLIENTS + " clients, ";
    Map<Cost, Double> costs = new LinkedHashMap<>();
    costs.put(new Cost(of + "mean", "ms"), outcome.microsEach() * SLOW_CLIENTS / 1e3);
    costs.put(new Cost(of + "p99", "ms"), outcome.p99Millis());
    return costs;
  }

  private interface Turn {
    Map<Cost, Double> of(Line line) throws Exception;
  }

  private List<Contest.Peer> peers(Map<String, Line> lines, Turn turn) {
    List<Contest.Peer> peers = new ArrayList<>();
    lines.forEach(
        (name, line) -> {
          if (!name.isEmpty()) {
            peers.add(new Contest.Peer(name, Optional.of(() -> turn.of(line))));
          }
        });
    return peers;
  }

  /// A proxy and those who ask it, each over a connection of its own.
  private record Line(Proxies.Proxy proxy, List<ApiLine> connections, List<Load.Ask> clients)
      implements AutoCloseable {
    @Override
    public void close() throws IOException {
      for (ApiLine connection : connections) {
        connection.close();
      }
      proxy.close();
    }
  }

  private static Line line(Proxies.Proxy proxy, int clients) throws IOException {
    Line line = new Line(proxy, new ArrayList<>(), new ArrayList<>());
    for (int i = 0; i < clients; i++) {
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
      socket.setTcpNoDelay(true);
      ApiLine connection = new ApiLine(socket, "none");
      line.connections().add(connection);
      line.clients().add(() -> connection.ask("POST", "/v1/predict", QUESTION));
    }
    return line;
  }
}
