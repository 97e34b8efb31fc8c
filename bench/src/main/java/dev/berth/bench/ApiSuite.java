package dev.berth.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads: one object, a large list, and many who watch. What the server pays, not what the client
/// sees: both share the machine. etcd has no TLS and no access control here; ours has both.
final class ApiSuite {
  private static final int READERS = 16;
  private static final int LISTERS = 2;
  private static final int PODS = 5_000;
  private static final int WATCHERS = 1_000;
  private final Peers peers;
  private final int rounds;
  private final Duration turn;

  ApiSuite(Peers peers, int rounds, Duration turn) {
    this.peers = peers;
    this.rounds = rounds;
    this.turn = turn;
  }

  List<Result> run() throws Exception {
    List<Result> results = new ArrayList<>(gets());
    results.addAll(lists());
    results.addAll(new WatchCases(peers, WATCHERS, rounds, turn).run());
    return results;
  }

  private List<Result> gets() throws Exception {
    byte[] object = Objects2k.configMap("read", 1);
    List<Load.Ask> ours = new ArrayList<>();
    List<Load.Ask> theirs = new ArrayList<>();
    try (Lines lines = Lines.open(peers, READERS)) {
      lines.ours().getFirst().ask("POST", BerthServer.in("/api/v1", "configmaps"), object);
      for (ApiLine line : lines.ours()) {
        ours.add(() -> line.ask("GET", BerthServer.in("/api/v1", "configmaps/read"), new byte[0]));
      }
      if (!lines.etcd().isEmpty()) {
        lines.etcd().getFirst().put("/bench/read", object);
      }
      for (EtcdLine line : lines.etcd()) {
        theirs.add(() -> line.get("/bench/read", ""));
      }
      Load.run(ours, Peers.WARM_UP);
      if (!theirs.isEmpty()) {
        Load.run(theirs, Peers.WARM_UP);
      }
      Cost cost = new Cost("GET of 2 KB, server's CPU", "us/request");
      return new Contest(rounds)
          .run(
              () -> Map.of(cost, cpuMicrosEach(ours, peers.berth().process())),
              peers.etcd().map(e -> () -> Map.of(cost, cpuMicrosEach(theirs, e.process()))),
              Peers.ETCD);
    }
  }

  private double cpuMicrosEach(List<Load.Ask> clients, Server server) throws Exception {
    double before = server.cpuSeconds();
    long count = Load.run(clients, turn).count();
    return (server.cpuSeconds() - before) * 1e6 / count;
  }

  private List<Result> lists() throws Exception {
    String pods = BerthServer.in("/api/v1", "pods");
    long bytes = fill(pods);
    try (Lines lines = Lines.open(peers, LISTERS)) {
      List<Load.Ask> ours = new ArrayList<>();
      List<Load.Ask> theirs = new ArrayList<>();
      lines.ours().forEach(line -> ours.add(() -> line.ask("GET", pods, new byte[0])));
      lines.etcd().forEach(line -> theirs.add(() -> line.get("/pods/", "/pods0")));
      return new Contest(rounds)
          .run(
              () -> listCosts(ours, peers.berth().process(), bytes),
              peers.etcd().map(e -> () -> listCosts(theirs, e.process(), bytes)),
              Peers.ETCD);
    }
  }

  /// @return length of the whole list in bytes; etcd gets as many values of the same size
  private long fill(String pods) throws Exception {
    try (Lines lines = Lines.open(peers, 1)) {
      ApiLine ours = lines.ours().getFirst();
      for (int i = 0; i < PODS; i++) {
        ours.ask("POST", pods, pod(i));
      }
      peers.berth().process().awaitIdle();
      long bytes = ours.ask("GET", pods, new byte[0]);
      for (EtcdLine etcd : lines.etcd()) {
        for (int i = 0; i < PODS; i++) {
          etcd.put("/pods/pod-%05d".formatted(i), new byte[(int) (bytes / PODS)]);
        }
      }
      return bytes;
    }
  }

  private static byte[] pod(int number) {
    return """
    {"apiVersion":"v1","kind":"Pod",
     "metadata":{"name":"pod-%05d","namespace":"bench","labels":{"app":"bench","shard":"%d"},
       "annotations":{"bench/about":"%s"}},
     "spec":{"containers":[{"name":"main","image":"registry.example/bench:1",
       "command":["/bin/serve","--port=8080"],"ports":[{"containerPort":8080}],
       "env":[{"name":"MODEL","value":"digits"},{"name":"WORKERS","value":"2"}],
       "resources":{"requests":{"cpu":"100m","memory":"64Mi"}}}]}}
    """
        .formatted(number, number % 10, "x".repeat(700))
        .getBytes(StandardCharsets.UTF_8);
  }

  private Map<Cost, Double> listCosts(List<Load.Ask> clients, Server server, long bytes)
      throws Exception {
    double micros = cpuMicrosEach(clients, server);
    Map<Cost, Double> costs = new LinkedHashMap<>();
    String of = "LIST of 5,000 pods, " + Figure.of(bytes / 1e6) + " MB, server's CPU";
    costs.put(new Cost(of, "ms/request"), micros / 1e3);
    costs.put(new Cost(of + " by size", "ms/GB"), micros / 1e3 / (bytes / 1e9));
    return costs;
  }

  /// As many connections to each of the two.
  record Lines(List<ApiLine> ours, List<EtcdLine> etcd) implements AutoCloseable {
    static Lines open(Peers peers, int count) throws IOException {
      Lines lines = new Lines(new ArrayList<>(), new ArrayList<>());
      for (int i = 0; i < count; i++) {
        lines.ours.add(peers.berth().line());
        Optional<EtcdServer> etcd = peers.etcd();
        etcd.ifPresent(server -> lines.etcd.add(server.line()));
      }
      return lines;
    }

    @Override
    public void close() throws IOException {
      for (ApiLine line : ours) {
        line.close();
      }
      etcd.forEach(EtcdLine::close);
    }
  }
}
