package dev.berth.bench;

import dev.berth.agent.cgroup.Cgroups;
import dev.berth.agent.cgroup.Limits;
import dev.berth.agent.container.Capability;
import dev.berth.agent.container.Container;
import dev.berth.agent.container.ContainerSpec;
import dev.berth.agent.container.Containers;
import dev.berth.agent.container.Machine;
import dev.berth.agent.container.Security;
import dev.berth.agent.container.User;
import dev.berth.agent.linux.JnaSyscalls;
import dev.berth.agent.linux.Seccomp;
import dev.berth.agent.linux.SeccompProfile;
import dev.berth.agent.network.PodNetwork;
import dev.berth.api.Cidr;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Ours: the agent's own engine in this process, as the agent calls it. With a network each
/// container takes a pod's sandbox from the agent's pool; without, it gets namespaces of its own,
/// as those of the peers do.
final class EngineStarter implements Starter {
  /// Of every container that is measured, ours and the peers'.
  static final Limits LIMITS =
      new Limits(100, OptionalLong.of(1_000), OptionalLong.of(128L << 20), 2_048);

  static final String MARK = "bench";
  private static final Cidr PODS = Cidr.parse("10.244.0.0/16");
  private static final Cidr SUBNET = Cidr.parse("10.244.7.0/24");
  private static final Cidr SERVICES = Cidr.parse("10.96.0.0/16");

  private final Path dir;
  private final String group;
  private final Path layer;
  private final Containers containers;
  private final Optional<PodNetwork> network;
  private final Security security =
      Security.standard(
          Seccomp.compile(SeccompProfile.standard(Capability.names(Capability.DEFAULT))));
  private final AtomicLong count = new AtomicLong();

  /// @param networked whether each has a pod's network
  EngineStarter(Bench bench, boolean networked) throws IOException {
    dir = Files.createDirectories(bench.work().resolve(networked ? "ours-net" : "ours"));
    group = bench.group();
    layer = Files.createDirectories(dir.resolve("layer"));
    Files.copy(bench.stamp(), layer.resolve("stamp"), StandardCopyOption.COPY_ATTRIBUTES);
    JnaSyscalls sys = new JnaSyscalls();
    containers =
        new Containers(
            Machine.prepare(sys, Cgroups.detect(), dir.resolve("lib"), Clock.systemUTC()));
    network =
        networked
            ? Optional.of(
                PodNetwork.start(sys, bench.run().resolve("berth"), SUBNET, PODS, SERVICES))
            : Optional.empty();
  }

  Containers containers() {
    return containers;
  }

  @Override
  public Start once(int lane) throws Exception {
    String id = MARK + count.incrementAndGet();
    long begin = System.nanoTime();
    ContainerSpec spec = spec(id, List.of("/stamp"));
    Container container = containers.start(spec);
    containers.exit(container).get(20, TimeUnit.SECONDS);
    long reaped = System.nanoTime();
    containers.delete(container);
    network.ifPresent(n -> n.detach(id));
    long removed = System.nanoTime();
    long entered = entered(spec.log());
    Files.delete(spec.log());
    return new Start(entered - begin, OptionalLong.of(reaped - begin), removed - begin);
  }

  /// What the agent decides of a container, with everything that it always has.
  ContainerSpec spec(String id, List<String> command) {
    return new ContainerSpec(
        id,
        dir.resolve("pods").resolve(id),
        group + "/" + id + "/main",
        List.of(layer),
        command,
        List.of("PATH=/bin"),
        "/",
        User.ROOT,
        MARK,
        network.map(n -> n.attach(id).dir()),
        List.of(),
        LIMITS,
        security,
        dir.resolve("logs").resolve(id + ".log"),
        1_024);
  }

  /// `TIME stdout F NANOSECONDS`.
  private static long entered(Path log) throws IOException {
    String line = Files.readString(log).strip();
    return Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));
  }

  @Override
  public void close() {
    network.ifPresent(PodNetwork::close);
    containers.close();
  }
}
