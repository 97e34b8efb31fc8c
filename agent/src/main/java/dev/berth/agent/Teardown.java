package dev.berth.agent;

import dev.berth.agent.build.Leftovers;
import dev.berth.agent.cgroup.Cgroups;
import dev.berth.agent.container.Container;
import dev.berth.agent.container.Containers;
import dev.berth.agent.container.ExitStatus;
import dev.berth.agent.container.Keeper;
import dev.berth.agent.container.Machine;
import dev.berth.agent.linux.JnaSyscalls;
import dev.berth.agent.linux.Syscalls;
import dev.berth.agent.network.NetworkTeardown;
import dev.berth.agent.volume.VolumeLeftovers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Stops and removes everything that an agent made, from the files alone: it works when the agent
/// is dead.
public final class Teardown {
  private static final long GRACE_SECONDS = 10;
  private static final String KEEPER = "berth-keeper";

  private Teardown() {}

  /// Returns what it did, a line each. Images, logs and the store stay.
  public static List<String> run(Path named, Path runDir, String nodeName) {
    Path dataDir = AgentConfig.real(named);
    List<String> done = new ArrayList<>();
    Natives.keepIn(dataDir.resolve("lib"));
    Syscalls sys = new JnaSyscalls();
    try (Containers containers =
        new Containers(
            Machine.prepare(sys, Cgroups.detect(), dataDir.resolve("lib"), Clock.systemUTC()))) {
      Set<String> uids = uids(dataDir);
      for (String root : List.of("pods", "builds")) {
        stop(containers, dataDir.resolve(root), done);
      }
      Leftovers.unmount(sys, dataDir.resolve("builds")).forEach(m -> done.add("unmounted " + m));
      VolumeLeftovers.unmount(sys, dataDir.resolve("pods"))
          .forEach(m -> done.add("unmounted " + m));
      done.addAll(NetworkTeardown.run(sys, runDir));
      removeGroups(containers, nodeName, uids, done);
    }
    return done;
  }

  /// The pods and builds whose files lie here; a second Berth of the same node name has others.
  private static Set<String> uids(Path dataDir) {
    Set<String> uids = new HashSet<>();
    children(dataDir.resolve("pods")).forEach(uids::add);
    children(dataDir.resolve("builds")).forEach(name -> uids.add("build-" + name));
    return uids;
  }

  private static List<String> children(Path dir) {
    if (!Files.isDirectory(dir)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(dir)) {
      return entries.map(p -> String.valueOf(p.getFileName())).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Kills only in groups of our own pods; of the others those go that are empty.
  private static void removeGroups(
      Containers containers, String node, Set<String> uids, List<String> done) {
    for (String group : containers.machine().cgroups().list(node)) {
      String[] parts = group.split("/", -1);
      if (parts.length > 1 && uids.contains(parts[1])) {
        containers.machine().cgroups().existing(group).kill();
        done.add("removed cgroup berth/" + group);
      }
      containers.machine().cgroups().existing(group).remove();
    }
  }

  /// Asks the containers below this directory to end, by their keepers: files may be damaged.
  private static void stop(Containers containers, Path root, List<String> done) {
    List<Keeper> keepers = containers.keepers().stream().filter(k -> k.below(root)).toList();
    List<Container> found = keepers.stream().flatMap(k -> container(k).stream()).toList();
    found.forEach(containers::terminate);
    List<CompletableFuture<ExitStatus>> exits = found.stream().map(containers::exit).toList();
    try {
      CompletableFuture.allOf(exits.toArray(CompletableFuture[]::new))
          .get(GRACE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      found.forEach(containers::kill);
      exits.forEach(CompletableFuture::join);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      found.forEach(containers::kill);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
    for (Keeper keeper : keepers) {
      containers.end(keeper);
      done.add("stopped container " + keeper.id());
    }
    Set<Path> stopped = keepers.stream().map(Keeper::state).collect(Collectors.toSet());
    states(root).stream().filter(stopped::contains).forEach(containers::takenDown);
  }

  /// The state directories of pods: `UID/CONTAINER/ATTEMPT`, by their real paths; links are not
  /// followed.
  private static List<Path> states(Path root) {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try {
      Path real = root.toRealPath();
      try (Stream<Path> tree = Files.walk(real, 3)) {
        return tree.filter(p -> p.getNameCount() == real.getNameCount() + 3)
            .filter(p -> Files.isDirectory(p, LinkOption.NOFOLLOW_LINKS))
            .toList();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Container> container(Keeper keeper) {
    return keeper.cgroup().flatMap(group -> keeper.container(keeper.state(), group));
  }

  /// Everything of ours that is still here: keepers, namespaces and links of this network
  /// namespace, mounts and cgroups of the machine.
  public static List<String> leaks() {
    List<String> found = new ArrayList<>();
    Path own = namespace(Path.of("/proc/self/ns/net"));
    ProcessHandle.allProcesses()
        .filter(
            p ->
                keeper(p.pid())
                    && namespace(Path.of("/proc", Long.toString(p.pid()), "ns/net")).equals(own))
        .forEach(p -> found.add("process " + p.pid() + " " + KEEPER));
    found.addAll(NetworkTeardown.leaks());
    VolumeLeftovers.all().forEach(m -> found.add("mount " + m));
    Cgroups.detect().list("").stream()
        .filter(g -> !g.isEmpty())
        .forEach(g -> found.add("cgroup berth/" + g));
    return found;
  }

  private static boolean keeper(long pid) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline")).startsWith(KEEPER);
    } catch (IOException e) {
      return false;
    }
  }

  private static Path namespace(Path link) {
    try {
      return Files.readSymbolicLink(link);
    } catch (IOException e) {
      return Path.of("gone");
    }
  }
}
