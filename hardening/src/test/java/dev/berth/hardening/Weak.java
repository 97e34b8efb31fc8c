package dev.berth.hardening;

import dev.berth.agent.cgroup.Cgroups;
import dev.berth.agent.cgroup.Limits;
import dev.berth.agent.container.Bind;
import dev.berth.agent.container.Capability;
import dev.berth.agent.container.Container;
import dev.berth.agent.container.ContainerSpec;
import dev.berth.agent.container.Containers;
import dev.berth.agent.container.Machine;
import dev.berth.agent.container.Security;
import dev.berth.agent.container.User;
import dev.berth.agent.linux.JnaSyscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/// Containers by the agent's own classes, weaker than any pod can be: what holds a default pod is
/// shown by what happens without it.
final class Weak implements AutoCloseable {
  private final Path dir;
  private final String group;
  private final Containers containers;

  Weak(Path dir, String node) throws IOException {
    this.dir = Files.createDirectories(dir);
    this.group = node;
    this.containers =
        new Containers(
            Machine.prepare(
                new JnaSyscalls(), Cgroups.detect(), dir.resolve("lib"), Clock.systemUTC()));
  }

  Containers containers() {
    return containers;
  }

  /// All the rights that this process may hand on, and no filter.
  static Security bare() throws IOException {
    return new Security(rights(), new byte[0], List.of(), List.of());
  }

  static Security masked() throws IOException {
    Security standard = Security.standard(new byte[0]);
    return new Security(rights(), new byte[0], standard.masked(), standard.readOnly());
  }

  private static Set<Capability> rights() throws IOException {
    String line =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(l -> l.startsWith("CapPrm:"))
            .findFirst()
            .orElseThrow();
    long mask = Long.parseLong(line.substring("CapPrm:".length()).strip(), 16);
    Capability[] all = Capability.values();
    return Arrays.stream(all)
        .filter(c -> (mask >> Arrays.asList(all).indexOf(c) & 1) != 0)
        .collect(Collectors.toUnmodifiableSet());
  }

  ContainerSpec spec(String id, Path layer, Security security, List<String> command)
      throws IOException {
    Path resolver = Files.writeString(dir.resolve("resolv.conf"), "");
    return new ContainerSpec(
        id,
        dir.resolve(id),
        group + "/" + id,
        List.of(layer),
        command,
        List.of("PATH=/"),
        "/",
        User.ROOT,
        "weak",
        Optional.empty(),
        List.of(new Bind(resolver, "/etc/resolv.conf", false, false)),
        Limits.none(),
        security,
        log(id),
        1024);
  }

  Path log(String id) {
    return dir.resolve("logs").resolve(id + ".log");
  }

  /// Runs to the end and returns the log.
  String run(ContainerSpec spec) throws IOException, InterruptedException {
    Container container = containers.start(spec);
    try {
      containers.exit(container).get(180, TimeUnit.SECONDS);
      return Files.readString(spec.log());
    } catch (ExecutionException | TimeoutException e) {
      containers.kill(container);
      throw new IOException("the container " + spec.id() + " did not end", e);
    } finally {
      containers.delete(container);
    }
  }

  @Override
  public void close() {
    containers.close();
  }
}
