package dev.berth.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/// Many who watch the same kind: what an idle one holds, what a delivery costs, and how long the
/// last one waits. Ours have a connection each, as clients of Kubernetes do; etcd's share ten, as
/// its clients do.
final class WatchCases {
  private static final int ETCD_CONNECTIONS = 10;
  private static final int WRITERS = 4;
  private static final long PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final AtomicLong VERSION = new AtomicLong(1L << 32);

  private final Peers peers;
  private final int watchers;
  private final int rounds;
  private final Duration turn;

  WatchCases(Peers peers, int watchers, int rounds, Duration turn) {
    this.peers = peers;
    this.watchers = watchers;
    this.rounds = rounds;
    this.turn = turn;
  }

  /// One of the two, with everybody watching.
  private interface Crowd {
    /// Writes once, by one of the writers.
    void write(int writer) throws Exception;

    LongAdder delivered();

    Server server();
  }

  List<Result> run() throws Exception {
    try (ApiSuite.Lines lines = ApiSuite.Lines.open(peers, WRITERS);
        ApiSuite.Lines watching = new ApiSuite.Lines(new ArrayList<>(), new ArrayList<>())) {
      List<Result> results = new ArrayList<>();
      Cost memory = new Cost("idle watch, server's memory (PSS), 1,000 of them", "KiB/watch");
      long before = settledPss(peers.berth().process(), true);
      Crowd ours = ours(lines.ours(), watching.ours());
      double each = (settledPss(ours.server(), true) - before) / (double) watchers;
      Optional<Crowd> etcd = Optional.empty();
      Optional<Double> theirs = Optional.empty();
      if (peers.etcd().isPresent()) {
        long etcdBefore = settledPss(peers.etcd().get().process(), false);
        etcd = Optional.of(etcd(peers.etcd().get(), lines.etcd(), watching.etcd()));
        theirs =
            Optional.of((settledPss(etcd.get().server(), false) - etcdBefore) / (double) watchers);
      }
      results.add(new Result(memory, each, theirs, Peers.ETCD, 1));
      results.addAll(contest(ours, etcd, this::fullPace));
      results.addAll(contest(ours, etcd, this::steadyPace));
      return results;
    }
  }

  /// When nothing is left to do, and the collector had its turn where it can be asked.
  private static long settledPss(Server server, boolean isJava) throws Exception {
    server.awaitIdle();
    if (isJava) {
      server.collect();
    }
    return server.pssKib();
  }

  @FunctionalInterface
  private interface Pace {
    Map<Cost, Double> turn(Crowd crowd) throws Exception;
  }

  private List<Result> contest(Crowd ours, Optional<Crowd> etcd, Pace pace) throws Exception {
    return new Contest(rounds)
        .run(() -> pace.turn(ours), etcd.map(crowd -> () -> pace.turn(crowd)), Peers.ETCD);
  }

  /// As fast as the writers can.
  private Map<Cost, Double> fullPace(Crowd crowd) throws Exception {
    long before = crowd.delivered().sum();
    double cpuBefore = crowd.server().cpuSeconds();
    long begin = System.nanoTime();
    List<Load.Ask> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      int writer = i;
      writers.add(() -> crowd.write(writer));
    }
    long deliveries = Load.run(writers, turn).count() * watchers;
    await(crowd, before + deliveries);
    double wall = System.nanoTime() - begin;
    double cpu = crowd.server().cpuSeconds() - cpuBefore;
    Map<Cost, Double> costs = new LinkedHashMap<>();
    costs.put(
        new Cost("1,000 watches, full pace, server's CPU", "us/delivery"), cpu * 1e6 / deliveries);
    costs.put(new Cost("1,000 watches, full pace, time", "us/delivery"), wall / 1e3 / deliveries);
    return costs;
  }

  /// Twenty changes a second, each from its write to the last who learns of it.
  private Map<Cost, Double> steadyPace(Crowd crowd) throws Exception {
    int changes = (int) Math.max(20, turn.toNanos() / PACE_NANOS);
    long[] waits = new long[changes];
    double cpuBefore = crowd.server().cpuSeconds();
    for (int i = 0; i < changes; i++) {
      long expected = crowd.delivered().sum() + watchers;
      long begin = System.nanoTime();
      crowd.write(0);
      await(crowd, expected);
      waits[i] = System.nanoTime() - begin;
      LockSupport.parkNanos(Math.max(0, PACE_NANOS - waits[i]));
    }
    double cpu = crowd.server().cpuSeconds() - cpuBefore;
    Arrays.sort(waits);
    Map<Cost, Double> costs = new LinkedHashMap<>();
    String of = "1,000 watches, 20 changes/s, ";
    costs.put(new Cost(of + "write to last watcher, median", "ms"), waits[changes / 2] / 1e6);
    costs.put(
        new Cost(of + "write to last watcher, p99", "ms"),
        waits[(int) ((changes - 1) * 0.99)] / 1e6);
    costs.put(new Cost(of + "server's CPU", "us/delivery"), cpu * 1e6 / changes / watchers);
    return costs;
  }

  private static void await(Crowd crowd, long expected) {
    long until = System.nanoTime() + PATIENCE_NANOS;
    while (crowd.delivered().sum() < expected) {
      if (System.nanoTime() > until) {
        throw new IllegalStateException(
            "only " + crowd.delivered().sum() + " of " + expected + " deliveries came");
      }
      LockSupport.parkNanos(200_000);
    }
  }

  private Crowd ours(List<ApiLine> writers, List<ApiLine> watching) throws Exception {
    LongAdder delivered = new LongAdder();
    String configMaps = BerthServer.in("/api/v1", "configmaps");
    for (int i = 0; i < WRITERS; i++) {
      writers.get(i).ask("POST", configMaps, Objects2k.configMap("watched-" + i, 0));
    }
    String watch = configMaps + "?watch=true&labelSelector=app%3Dbench&resourceVersion=";
    String from = peers.berth().resourceVersion(configMaps);
    for (int i = 0; i < watchers; i++) {
      ApiLine line = peers.berth().line();
      watching.add(line);
      line.watch(watch + from);
      Thread.ofVirtual().name("watcher").start(() -> count(line, delivered));
    }
    return crowd(
        writer -> {
          String name = "watched-" + writer;
          writers
              .get(writer)
              .ask(
                  "PUT",
                  configMaps + "/" + name,
                  Objects2k.configMap(name, VERSION.incrementAndGet()));
        },
        delivered,
        peers.berth().process());
  }

  private static void count(ApiLine line, LongAdder delivered) {
    try {
      while (true) {
        line.event();
        delivered.increment();
      }
    } catch (IOException e) {
      // The connection was closed: the case is over, or its count never comes and says so.
    }
  }

  private Crowd etcd(EtcdServer server, List<EtcdLine> writers, List<EtcdLine> connections)
      throws Exception {
    LongAdder delivered = new LongAdder();
    CountDownLatch begun = new CountDownLatch(watchers);
    for (int i = 0; i < ETCD_CONNECTIONS; i++) {
      connections.add(server.line());
    }
    for (int i = 0; i < watchers; i++) {
      connections
          .get(i % ETCD_CONNECTIONS)
          .watch(
              "/watched/",
              "/watched0",
              events -> {
                delivered.add(events);
                if (events == 0) {
                  begun.countDown();
                }
              },
              e -> {});
    }
    if (!begun.await(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException("etcd's watches do not begin");
    }
    return crowd(
        writer -> {
          String name = "watched-" + writer;
          writers
              .get(writer)
              .put("/watched/" + name, Objects2k.configMap(name, VERSION.incrementAndGet()));
        },
        delivered,
        server.process());
  }

  @FunctionalInterface
  private interface Write {
    void by(int writer) throws Exception;
  }

  private static Crowd crowd(Write write, LongAdder delivered, Server server) {
    return new Crowd() {
      @Override
      public void write(int writer) throws Exception {
        write.by(writer);
      }

      @Override
      public LongAdder delivered() {
        return delivered;
      }

      @Override
      public Server server() {
        return server;
      }
    };
  }
}
