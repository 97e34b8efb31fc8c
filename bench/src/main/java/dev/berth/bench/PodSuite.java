package dev.berth.bench;

import dev.berth.agent.container.Container;
import dev.berth.agent.container.ContainerSpec;
import dev.berth.api.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A pod of two containers, from the wish until it is known to run; and a command in a container
/// that runs. The image is present on both sides.
final class PodSuite {
  private static final String OUR_IMAGE = "bench:1";
  private static final Cost RUNNING = new Cost("pod of 2 containers, POST to Running", "ms");
  private static final int PODS = 10;
  private static final int PODMAN_PODS = 2;
  private static final int EXECS = 40;
  private static final int PODMAN_EXECS = 5;
  private static final int WARM_UP = 100;

  private final Bench bench;
  private final CpuAccount cpu;

  PodSuite(Bench bench) {
    this.bench = bench;
    this.cpu = CpuAccount.of(bench.group());
  }

  List<Result> run() throws Exception {
    Optional<Podman> podman = Podman.installed(bench);
    if (podman.isPresent()) {
      podman.get().makeImage(bench.stamp());
    }
    List<Result> results = new ArrayList<>();
    try (BerthHost host = BerthHost.settled(bench);
        PodRunner pods = new PodRunner(host.client())) {
      host.makeImage(OUR_IMAGE);
      results.addAll(starts(pods, podman));
      results.addAll(execs(host, pods, podman));
    }
    results.addAll(engineExecs());
    return results;
  }

  private List<Result> starts(PodRunner pods, Optional<Podman> podman) throws Exception {
    for (int i = 0; i < WARM_UP; i++) {
      startAndRemove(pods, "warm-" + i);
    }
    int[] number = {0};
    return new Contest(bench.rounds())
        .run(
            () -> ours(() -> startAndRemove(pods, "pod-" + number[0]++)),
            podman.map(p -> () -> Map.of(RUNNING, time(PODMAN_PODS, () -> play(p)))),
            "podman play kube");
  }

  private static long startAndRemove(PodRunner pods, String name) throws Exception {
    long nanos = pods.start(Manifests.pod(name, OUR_IMAGE, 2));
    pods.remove(name);
    return nanos;
  }

  private long play(Podman podman) throws IOException {
    long begin = System.nanoTime();
    play(podman, "peer");
    long nanos = System.nanoTime() - begin;
    podman.run("pod", "rm", "--force", "--time=0", "peer");
    return nanos;
  }

  private void play(Podman podman, String name) throws IOException {
    Path file = bench.work().resolve(name + ".json");
    Files.write(file, Json.bytes(Manifests.pod(name, Podman.IMAGE, 2)));
    podman.run("play", "kube", file.toString());
  }

  private interface Timed {
    long nanos() throws Exception;
  }

  /// The account is ours alone: `podman play kube` puts its pods into control groups elsewhere.
  private Map<Cost, Double> ours(Timed pod) throws Exception {
    double before = cpu.seconds();
    double time = time(PODS, pod);
    Map<Cost, Double> costs = new LinkedHashMap<>();
    costs.put(RUNNING, time);
    costs.put(
        new Cost("pod of 2 containers, CPU until it is removed", "ms"),
        (cpu.seconds() - before) * 1e3 / PODS);
    return costs;
  }

  private static double time(int count, Timed pod) throws Exception {
    List<Double> times = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      times.add(pod.nanos() / 1e6);
    }
    return Figure.median(times);
  }

  private List<Result> execs(BerthHost host, PodRunner pods, Optional<Podman> podman)
      throws Exception {
    pods.start(Manifests.pod("target", OUR_IMAGE, 1));
    if (podman.isPresent()) {
      play(podman.get(), "target");
    }
    try (Starter ours = ExecStarters.api(host.client(), "target", "c1")) {
      Optional<Contest.Side> peer = Optional.empty();
      if (podman.isPresent()) {
        Starter theirs =
            new CommandStarter(
                bench.work().resolve("podman-exec"),
                (_, _) -> podman.get().line("exec", "target-c1", "/stamp"));
        peer = Optional.of(() -> exec("exec through the API", theirs, PODMAN_EXECS));
      }
      return contest("exec through the API", ours, peer, "podman exec");
    } finally {
      pods.remove("target");
    }
  }

  private List<Result> engineExecs() throws Exception {
    try (EngineStarter engine = new EngineStarter(bench, false)) {
      ContainerSpec spec = engine.spec("target", List.of("/stamp", "stay"));
      Container container = engine.containers().start(spec);
      Optional<Contest.Side> peer = Optional.empty();
      Optional<CommandStarter> crun = crun();
      if (crun.isPresent()) {
        peer = Optional.of(() -> exec("exec by the engine", crun.get(), EXECS));
      }
      try (Starter ours = ExecStarters.engine(engine.containers(), container, spec)) {
        return contest("exec by the engine", ours, peer, "crun exec");
      } finally {
        engine.containers().kill(container);
        engine.containers().exit(container).join();
        engine.containers().delete(container);
      }
    }
  }

  /// Its container ends with the run.
  private Optional<CommandStarter> crun() throws IOException {
    Optional<Path> binary = Tool.peer("crun", "crun");
    if (binary.isEmpty()) {
      return Optional.empty();
    }
    Path dir = bench.work().resolve("crun");
    String group = "berth/" + bench.group() + "/crun";
    OciBundle.write(dir, bench.stamp(), List.of("/stamp", "stay"), group);
    String state = bench.run().resolve("crun").toString();
    String crun = binary.get().toString();
    Path log = dir.resolve("target.log");
    new ProcessBuilder(
            crun,
            "--cgroup-manager=cgroupfs",
            "--root=" + state,
            "run",
            "--detach",
            "--bundle=" + dir,
            "target")
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start()
        .onExit()
        .join();
    List<String> line =
        List.of(crun, "--cgroup-manager=cgroupfs", "--root", state, "exec", "target", "/stamp");
    return Optional.of(new CommandStarter(dir, (_, _) -> line));
  }

  private List<Result> contest(
      String what, Starter ours, Optional<Contest.Side> peer, String peerName) throws Exception {
    for (int i = 0; i < WARM_UP; i++) {
      ours.once(0);
    }
    return new Contest(bench.rounds()).run(() -> exec(what, ours, EXECS), peer, peerName);
  }

  private static Map<Cost, Double> exec(String what, Starter starter, int count) throws Exception {
    List<Double> entered = new ArrayList<>();
    List<Double> ended = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Starter.Start start = starter.once(0);
      entered.add(start.entered() / 1e6);
      ended.add(start.removed() / 1e6);
    }
    Map<Cost, Double> costs = new LinkedHashMap<>();
    costs.put(new Cost(what + ", to first instruction", "ms"), Figure.median(entered));
    costs.put(new Cost(what + ", to its end told", "ms"), Figure.median(ended));
    return costs;
  }
}
