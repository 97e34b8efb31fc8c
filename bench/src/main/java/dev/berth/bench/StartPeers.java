package dev.berth.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The other ways to start a container, as far as they are installed.
final class StartPeers {
  static final String CRUN = "crun";
  static final String RUNC = "runc";
  static final String PODMAN = "podman run, runc";
  static final String UNSHARE = "bare unshare";

  private final Bench bench;
  private final int lanes;

  /// @param lanes how many run at the same time
  StartPeers(Bench bench, int lanes) {
    this.bench = bench;
    this.lanes = lanes;
  }

  /// By name; empty for one that is missing.
  Map<String, Optional<Starter>> all() throws IOException {
    Map<String, Optional<Starter>> all = new LinkedHashMap<>();
    all.put(CRUN, runtime(CRUN, List.of("--cgroup-manager=cgroupfs")));
    all.put(RUNC, runtime(RUNC, List.of()));
    all.put(PODMAN, podman());
    all.put(UNSHARE, unshare());
    return all;
  }

  private Optional<Starter> runtime(String name, List<String> options) throws IOException {
    Optional<Path> binary = Tool.peer(name, name);
    if (binary.isEmpty()) {
      return Optional.empty();
    }
    Path dir = bench.work().resolve(name);
    for (int lane = 0; lane < lanes; lane++) {
      OciBundle.write(
          dir.resolve("lane" + lane),
          bench.stamp(),
          List.of("/stamp"),
          "berth/" + bench.group() + "/" + name + lane);
    }
    List<String> start = new ArrayList<>(List.of(binary.get().toString()));
    start.addAll(options);
    start.addAll(List.of("--root", bench.run().resolve(name).toString(), "run", "--bundle"));
    return Optional.of(
        new CommandStarter(
            dir,
            (lane, id) -> {
              List<String> line = new ArrayList<>(start);
              line.add(dir.resolve("lane" + lane).toString());
              line.add(id);
              return line;
            }));
  }

  private Optional<Starter> podman() throws IOException {
    Optional<Podman> podman = Podman.installed(bench);
    if (podman.isEmpty()) {
      return Optional.empty();
    }
    podman.get().makeImage(bench.stamp());
    return Optional.of(
        new CommandStarter(
            Files.createDirectories(bench.work().resolve("podman-out")),
            (_, id) ->
                podman
                    .get()
                    .line("run", "--rm", "--network=none", "--name", id, Podman.IMAGE, "/stamp")));
  }

  /// The floor: only what the kernel takes for the namespaces.
  private Optional<Starter> unshare() throws IOException {
    Optional<Path> binary = Tool.peer("unshare", "util-linux");
    if (binary.isEmpty()) {
      return Optional.empty();
    }
    List<String> line =
        List.of(
            binary.get().toString(),
            "--mount",
            "--pid",
            "--fork",
            "--uts",
            "--ipc",
            "--net",
            "--cgroup",
            bench.stamp().toString());
    return Optional.of(new CommandStarter(bench.work().resolve("unshare"), (_, _) -> line));
  }
}
