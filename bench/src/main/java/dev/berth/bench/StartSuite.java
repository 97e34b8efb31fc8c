package dev.berth.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToLongFunction;

/// What a container costs from the wish to its first instruction, to its end, to nothing: one after
/// the other, and eight at a time. Ours with everything that the agent gives a container; what the
/// peers do less of is said in docs/benchmarks.md.
final class StartSuite {
  private static final int ONE_BY_ONE = 40;
  private static final int TOGETHER = 200;
  private static final int LANES = 8;

  /// It takes a hundred times as long, so fewer tell as much.
  private static final int PODMAN_ONE_BY_ONE = 5;

  private static final int PODMAN_TOGETHER = 24;

  /// An agent runs for days: its JVM has compiled what is hot.
  private static final int WARM_UP = 1_000;

  private final Bench bench;
  private final CpuAccount cpu;

  StartSuite(Bench bench) {
    this.bench = bench;
    this.cpu = CpuAccount.of(bench.group());
  }

  List<Result> run() throws Exception {
    List<Result> results = new ArrayList<>();
    Map<String, Optional<Starter>> peers = new StartPeers(bench, LANES).all();
    try (Starter ours = new EngineStarter(bench, false)) {
      warmUp(ours);
      results.addAll(
          contest("container", ours, peers, this::oneByOne, ONE_BY_ONE, PODMAN_ONE_BY_ONE));
      results.addAll(
          contest(
              "container of 8 at a time", ours, peers, this::together, TOGETHER, PODMAN_TOGETHER));
    }
    try (Starter ours = new EngineStarter(bench, true)) {
      warmUp(ours);
      peers.keySet().retainAll(List.of(StartPeers.CRUN, StartPeers.UNSHARE));
      results.addAll(
          contest(
              "container in a pod's network", ours, peers, this::oneByOne, ONE_BY_ONE, ONE_BY_ONE));
    }
    return results;
  }

  private static void warmUp(Starter ours) throws Exception {
    for (int i = 0; i < WARM_UP; i++) {
      ours.once(0);
    }
  }

  private interface Turn {
    Map<Cost, Double> of(String what, Starter starter, int count) throws Exception;
  }

  private List<Result> contest(
      String what,
      Starter ours,
      Map<String, Optional<Starter>> peers,
      Turn turn,
      int count,
      int podmanCount)
      throws Exception {
    List<Contest.Peer> sides = new ArrayList<>();
    peers.forEach(
        (name, starter) -> {
          int many = name.equals(StartPeers.PODMAN) ? podmanCount : count;
          sides.add(new Contest.Peer(name, starter.map(peer -> () -> turn.of(what, peer, many))));
        });
    return new Contest(bench.rounds()).run(() -> turn.of(what, ours, count), sides);
  }

  private Map<Cost, Double> oneByOne(String what, Starter starter, int count) throws Exception {
    double before = cpu.seconds();
    List<Starter.Start> starts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      starts.add(starter.once(0));
    }
    double used = cpu.seconds() - before;
    Map<Cost, Double> costs = new LinkedHashMap<>();
    costs.put(cost(what, "to first instruction"), median(starts, Starter.Start::entered));
    if (starts.getFirst().reaped().isPresent()) {
      costs.put(cost(what, "to reaped"), median(starts, start -> start.reaped().orElseThrow()));
    }
    costs.put(cost(what, "to removed"), median(starts, Starter.Start::removed));
    costs.put(cost(what, "CPU"), used * 1e3 / count);
    return costs;
  }

  private Map<Cost, Double> together(String what, Starter starter, int count) throws Exception {
    double before = cpu.seconds();
    long begin = System.nanoTime();
    AtomicInteger left = new AtomicInteger(count);
    try (ExecutorService threads = Executors.newFixedThreadPool(LANES)) {
      List<Callable<Boolean>> lanes = new ArrayList<>();
      for (int lane = 0; lane < LANES; lane++) {
        int self = lane;
        lanes.add(() -> all(starter, self, left));
      }
      for (Future<Boolean> lane : threads.invokeAll(lanes)) {
        lane.get();
      }
    }
    Map<Cost, Double> costs = new LinkedHashMap<>();
    costs.put(cost(what, "time of each"), (System.nanoTime() - begin) / 1e6 / count);
    costs.put(cost(what, "CPU"), (cpu.seconds() - before) * 1e3 / count);
    return costs;
  }

  private static boolean all(Starter starter, int lane, AtomicInteger left) throws Exception {
    while (left.getAndDecrement() > 0) {
      starter.once(lane);
    }
    return true;
  }

  private static Cost cost(String what, String of) {
    return new Cost(what + ", " + of, "ms");
  }

  private static double median(List<Starter.Start> starts, ToLongFunction<Starter.Start> moment) {
    return Figure.median(starts.stream().map(s -> moment.applyAsLong(s) / 1e6).toList());
  }
}
