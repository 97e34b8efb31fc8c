package dev.berth.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// What a Berth takes while it does nothing, what a container takes beside its own memory, and how
/// long people wait for `up` and `get`.
final class FootprintSuite {
  private static final String IMAGE = "bench:1";
  private static final int PODS = 50;
  private static final int ASKED = 5;

  private final Bench bench;

  FootprintSuite(Bench bench) {
    this.bench = bench;
  }

  List<Result> run() throws Exception {
    BerthHost.settled(bench).close();
    List<Result> results =
        new ArrayList<>(new Contest(bench.rounds()).run(this::starts, List.of()));
    try (BerthHost host = BerthHost.settled(bench)) {
      applyDigits(host);
      results.addAll(once(idle(host)));
      results.addAll(asked(host));
      host.makeImage(IMAGE);
      results.addAll(containers(host));
    }
    return results;
  }

  private Map<Cost, Double> starts() throws Exception {
    Tool.run(List.of("rm", "-rf", bench.work().resolve("data").toString()));
    Map<Cost, Double> costs = new LinkedHashMap<>();
    costs.put(new Cost("berth up to Ready, on a new host", "ms"), startMillis());
    costs.put(new Cost("berth up to Ready, again", "ms"), startMillis());
    return costs;
  }

  private double startMillis() throws Exception {
    long begin = System.nanoTime();
    try (BerthHost host = BerthHost.up(bench)) {
      double millis = (System.nanoTime() - begin) / 1e6;
      host.process().awaitIdle();
      return millis;
    }
  }

  private void applyDigits(BerthHost host) throws IOException {
    Digits.base(bench, host);
    Digits digits = Digits.copy(bench.example(), bench.work().resolve("digits"), Digits.BASE);
    host.berth("apply", "-f", digits.dir().toString(), "--timeout", "5m");
  }

  /// After the whole time; CPU and disk over its second half.
  private Map<Cost, Double> idle(BerthHost host) throws InterruptedException {
    Server berth = host.process();
    Duration half = bench.idle().dividedBy(2);
    TimeUnit.NANOSECONDS.sleep(half.toNanos());
    double cpu = berth.cpuSeconds();
    long written = berth.writtenBytes();
    TimeUnit.NANOSECONDS.sleep(half.toNanos());
    double seconds = half.toNanos() / 1e9;
    String of = "digits runs for " + bench.idle().toSeconds() + " s, ";
    Map<Cost, Double> costs = new LinkedHashMap<>();
    costs.put(new Cost(of + "PSS of controller and agent", "MB"), berth.pssKib() * 1_024 / 1e6);
    costs.put(new Cost(of + "idle CPU", "% of a core"), (berth.cpuSeconds() - cpu) / seconds * 100);
    costs.put(
        new Cost(of + "written to disk", "MB/h"),
        (berth.writtenBytes() - written) / 1e6 * 3_600 / seconds);
    return costs;
  }

  private List<Result> once(Map<Cost, Double> costs) {
    List<Result> results =
        costs.entrySet().stream()
            .map(e -> new Result(e.getKey(), e.getValue(), Optional.empty(), "", 1))
            .toList();
    results.forEach(Contest::show);
    return results;
  }

  private List<Result> asked(BerthHost host) throws Exception {
    Optional<Path> kubectl = Tool.peer("kubectl", "kubernetes-client");
    List<String> ours = new ArrayList<>(host.command());
    ours.addAll(List.of("get", "pods"));
    Cost cost = new Cost("get pods, as a command", "ms");
    return new Contest(bench.rounds())
        .run(
            () -> Map.of(cost, millisEach(ours)),
            kubectl.map(
                k -> {
                  List<String> theirs =
                      List.of(
                          "/usr/bin/env",
                          "HOME=" + bench.work(),
                          "KUBECONFIG=" + host.data().resolve("admin.kubeconfig"),
                          k.toString(),
                          "get",
                          "pods");
                  return () -> Map.of(cost, millisEach(theirs));
                }),
            "kubectl");
  }

  private static double millisEach(List<String> command) throws IOException {
    List<Double> times = new ArrayList<>();
    for (int i = 0; i < ASKED; i++) {
      long begin = System.nanoTime();
      Tool.run(command);
      times.add((System.nanoTime() - begin) / 1e6);
    }
    return Figure.median(times);
  }

  private List<Result> containers(BerthHost host) throws Exception {
    long before = settledPss(host);
    try (PodRunner pods = new PodRunner(host.client())) {
      Residents already = Residents.called("berth-keeper");
      for (int i = 0; i < PODS; i++) {
        pods.start(Manifests.pod("pod-" + i, IMAGE, 1));
      }
      Residents keepers = Residents.called("berth-keeper");
      long after = settledPss(host);
      for (int i = 0; i < PODS; i++) {
        pods.remove("pod-" + i);
      }
      Optional<Double> conmon = conmon();
      double each =
          (double) (keepers.pssKib() - already.pssKib()) / (keepers.count() - already.count());
      return List.of(
          new Result(
              new Cost("resident beside each container, PSS", "KiB"), each, conmon, "conmon", 1),
          new Result(
              new Cost("growth of controller and agent, each of " + PODS + " pods, PSS", "KiB"),
              Math.max(0, after - before) / (double) PODS,
              Optional.empty(),
              "",
              1));
    }
  }

  /// When nothing is left to do, and the collector had its turn.
  private static long settledPss(BerthHost host) throws IOException, InterruptedException {
    host.process().awaitIdle();
    host.process().collect();
    return host.process().pssKib();
  }

  private Optional<Double> conmon() throws IOException {
    Optional<Podman> podman = Podman.installed(bench);
    if (podman.isEmpty()) {
      return Optional.empty();
    }
    podman.get().makeImage(bench.stamp());
    for (int i = 0; i < PODS; i++) {
      podman
          .get()
          .run("run", "--detach", "--network=none", "--name=c" + i, Podman.IMAGE, "/stamp", "stay");
    }
    double each = Residents.called("conmon").kibEach();
    podman.get().run("rm", "--all", "--force", "--time=0");
    return Optional.of(each);
  }
}
