package dev.berth.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// Durable writes of 2 KB, end to end: ours over HTTPS with a token, RBAC, validation and field
/// ownership, etcd's puts over its own API. Each writer changes objects of its own and waits for
/// the answer before the next.
final class StoreSuite {
  private static final List<Integer> WRITERS = List.of(1, 16, 64);
  private static final int OBJECTS_EACH = 8;
  private static final AtomicLong VERSION = new AtomicLong();

  private final Peers peers;
  private final int rounds;
  private final Duration turn;

  StoreSuite(Peers peers, int rounds, Duration turn) {
    this.peers = peers;
    this.rounds = rounds;
    this.turn = turn;
  }

  List<Result> run() throws Exception {
    List<Result> results = new ArrayList<>();
    List<ApiLine> lines = new ArrayList<>();
    List<EtcdLine> etcdLines = new ArrayList<>();
    try {
      int most = WRITERS.getLast();
      while (lines.size() < most) {
        lines.add(prepared(lines.size()));
        peers.etcd().ifPresent(etcd -> etcdLines.add(etcd.line()));
      }
      Load.run(ourWriters(lines, most), Peers.WARM_UP);
      if (!etcdLines.isEmpty()) {
        Load.run(etcdWriters(etcdLines, most), Peers.WARM_UP);
      }
      for (int writers : WRITERS) {
        Optional<Contest.Side> etcd =
            peers
                .etcd()
                .map(
                    server ->
                        () -> puts(writers, etcdWriters(etcdLines, writers), server.process()));
        results.addAll(
            new Contest(rounds)
                .run(
                    () -> puts(writers, ourWriters(lines, writers), peers.berth().process()),
                    etcd,
                    Peers.ETCD));
      }
    } finally {
      for (ApiLine line : lines) {
        line.close();
      }
      etcdLines.forEach(EtcdLine::close);
    }
    return results;
  }

  private ApiLine prepared(int writer) throws IOException {
    ApiLine line = peers.berth().line();
    for (int i = 0; i < OBJECTS_EACH; i++) {
      line.ask(
          "POST",
          BerthServer.in("/api/v1", "configmaps"),
          Objects2k.configMap(name(writer, i), VERSION.incrementAndGet()));
    }
    return line;
  }

  private static List<Load.Ask> ourWriters(List<ApiLine> lines, int writers) {
    List<Load.Ask> all = new ArrayList<>();
    for (int writer = 0; writer < writers; writer++) {
      ApiLine line = lines.get(writer);
      int self = writer;
      AtomicLong count = new AtomicLong();
      all.add(
          () -> {
            String name = name(self, (int) (count.getAndIncrement() % OBJECTS_EACH));
            line.ask(
                "PUT",
                BerthServer.in("/api/v1", "configmaps/" + name),
                Objects2k.configMap(name, VERSION.incrementAndGet()));
          });
    }
    return all;
  }

  private static List<Load.Ask> etcdWriters(List<EtcdLine> lines, int writers) {
    List<Load.Ask> all = new ArrayList<>();
    for (int writer = 0; writer < writers; writer++) {
      EtcdLine line = lines.get(writer);
      int self = writer;
      AtomicLong count = new AtomicLong();
      all.add(
          () -> {
            String name = name(self, (int) (count.getAndIncrement() % OBJECTS_EACH));
            line.put("/bench/" + name, Objects2k.configMap(name, VERSION.incrementAndGet()));
          });
    }
    return all;
  }

  private static String name(int writer, int i) {
    return "w" + writer + "-" + i;
  }

  private Map<Cost, Double> puts(int writers, List<Load.Ask> clients, Server server)
      throws Exception {
    double before = server.cpuSeconds();
    Load.Outcome outcome = Load.run(clients, turn);
    double cpu = server.cpuSeconds() - before;
    Map<Cost, Double> costs = new LinkedHashMap<>();
    String of = "durable put of 2 KB, " + writers + (writers == 1 ? " writer" : " writers");
    costs.put(new Cost(of + ", time", "us/put"), outcome.microsEach());
    costs.put(new Cost(of + ", p99", "ms"), outcome.p99Millis());
    costs.put(new Cost(of + ", server's CPU", "us/put"), cpu * 1e6 / outcome.count());
    return costs;
  }
}
