package dev.berth.agent.network;

import dev.berth.agent.linux.Nftables;
import dev.berth.agent.linux.Syscalls;
import dev.berth.api.Cidr;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The network as the rooms above use it: a sandbox for each pod, service rules that follow the
/// API.
///
/// A pod's sandbox is the directory `pods/UID` under the run directory; taking one from the pool is
/// a rename, so that after a crash it is either the pool's (and thrown away) or the pod's (and
/// found).
public final class PodNetwork implements AutoCloseable {
  private static final int POOL = 4;

  private final Syscalls sys;
  private final Bridge bridge;
  private final Path pods;
  private final Addresses addresses;
  private final SandboxPool pool;
  private final Nftables nft = new Nftables();
  private final Set<String> guarded = new TreeSet<>();
  private ServiceTable wanted = ServiceTable.EMPTY;
  private ServiceTable applied;
  private Set<String> gatewayPorts = Set.of();

  private PodNetwork(Syscalls sys, Bridge bridge, Path runDir, Cidr podRange, Cidr serviceRange) {
    this.sys = sys;
    this.bridge = bridge;
    this.pods = runDir.resolve("pods");
    this.addresses = new Addresses(bridge.subnet());
    this.applied = earlier(nft, bridge.address());
    nft.run(
        Ruleset.base(bridge, podRange, serviceRange)
            + Ruleset.difference(Map.of(), applied.vips())
            + Ruleset.members("model_pods", List.of(), applied.modelPods()));
    this.wanted = applied;
    SandboxFiles.directories(pods).forEach(this::keep);
    Path spare = runDir.resolve("pool");
    SandboxFiles.directories(spare)
        .forEach(dir -> SandboxPool.destroy(sys, SandboxFiles.remains(dir)));
    this.pool = new SandboxPool(sys, bridge, spare, addresses, POOL);
  }

  /// Sets bridge and rules up, finds the sandboxes that an earlier agent left, and begins to fill
  /// the pool.
  ///
  /// @param subnet this host's part of `podRange`
  public static PodNetwork start(
      Syscalls sys, Path runDir, Cidr subnet, Cidr podRange, Cidr serviceRange) {
    HostRoutes routes = HostRoutes.read();
    for (Cidr range : List.of(podRange, serviceRange)) {
      routes
          .overlap(range)
          .ifPresent(
              r -> {
                throw new IllegalStateException(
                    "the range "
                        + range
                        + " overlaps the host's route "
                        + r.destination()
                        + " on "
                        + r.link()
                        + ": choose another with --pod-cidr or --service-cidr");
              });
    }
    try {
      Files.createDirectories(runDir.resolve("pods"));
      Files.createDirectories(runDir.resolve("pool"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Bridge.remember(runDir);
    return new PodNetwork(
        sys, Bridge.ensure(sys, subnet, routes.podMtu()), runDir, podRange, serviceRange);
  }

  /// One that an earlier agent left; without namespaces there is nothing to keep.
  private void keep(Path dir) {
    SandboxFiles.read(dir)
        .filter(s -> bridge.subnet().contains(s.address()))
        .or(() -> SandboxFiles.learn(sys, dir, bridge.subnet()))
        .ifPresentOrElse(
            s -> addresses.claim(s.address()),
            () -> SandboxPool.destroy(sys, SandboxFiles.remains(dir)));
  }

  public Bridge bridge() {
    return bridge;
  }

  /// The pod's sandbox: the one it has, or a fresh one.
  public Sandbox attach(String podUid) {
    Optional<Sandbox> known = find(podUid);
    if (known.isPresent()) {
      return known.get();
    }
    Sandbox taken = pool.take();
    Path dir = pods.resolve(podUid);
    try {
      Files.move(taken.dir(), dir, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      SandboxPool.destroy(sys, taken);
      addresses.release(taken.address());
      throw new UncheckedIOException(e);
    }
    return new Sandbox(dir, taken.address(), taken.link());
  }

  public Optional<Sandbox> find(String podUid) {
    Path dir = pods.resolve(podUid);
    return SandboxFiles.read(dir)
        .or(
            () ->
                Files.isDirectory(dir)
                    ? SandboxFiles.learn(sys, dir, bridge.subnet())
                    : Optional.empty());
  }

  /// A connection to a port on the pod's own loopback address.
  public SocketChannel connect(String podUid, int port) throws IOException, InterruptedException {
    Sandbox box =
        find(podUid).orElseThrow(() -> new IOException("the pod has no network on this node"));
    return PodConnection.open(sys, box.dir(), port);
  }

  /// Sets the kernel's parameters of a sandbox (`net.ipv4.tcp_syncookies` and the like); only those
  /// of its own network and IPC namespaces can be meant, since only such are given here.
  ///
  /// @throws IOException when the kernel refuses one, which the message names
  public void configure(Sandbox box, Map<String, String> parameters)
      throws IOException, InterruptedException {
    if (!parameters.isEmpty()) {
      var _ =
          InNamespace.run(sys, box.dir(), List.of("net", "ipc"), () -> Sysctls.write(parameters));
    }
  }

  /// Every pod that has a sandbox on this host, by uid.
  public List<String> attached() {
    return SandboxFiles.directories(pods).stream()
        .map(dir -> String.valueOf(dir.getFileName()))
        .toList();
  }

  public void detach(String podUid) {
    find(podUid)
        .ifPresent(
            sandbox -> {
              SandboxPool.destroy(sys, sandbox);
              unguard(sandbox.address());
              addresses.release(sandbox.address());
            });
  }

  /// What an earlier agent left: guarded pods run on and are not open for a moment, and services on
  /// pods answer on until it is known what they should be now.
  private static ServiceTable earlier(Nftables nft, String own) {
    try {
      String table = nft.run("list table inet berth");
      Set<String> guards = Ruleset.elements(nft.run("list set inet berth model_pods"));
      return new ServiceTable(KeptServices.read(table, own), Map.of(), List.of()).guarding(guards);
    } catch (RuntimeException e) {
      return ServiceTable.EMPTY; // no table yet
    }
  }

  /// From now on only the gateway reaches this pod, whatever the API says of it so far.
  public synchronized void guard(String address) {
    if (guarded.add(address)) {
      program(wanted, gatewayPorts);
    }
  }

  private synchronized void unguard(String address) {
    if (guarded.remove(address)) {
      wanted = wanted.without(address);
      program(wanted, gatewayPorts);
    }
  }

  /// Brings the kernel from the last table to this one; an unchanged table costs nothing.
  public synchronized void apply(ServiceTable table, Set<Integer> ports) {
    program(table, new TreeSet<>(ports.stream().map(String::valueOf).toList()));
    wanted = table;
  }

  private void program(ServiceTable table, Set<String> wantedPorts) {
    ServiceTable whole = table.guarding(guarded);
    String changes =
        Ruleset.difference(applied.vips(), whole.vips())
            + Ruleset.members("model_pods", applied.modelPods(), whole.modelPods())
            + Ruleset.members("gateway_ports", gatewayPorts, wantedPorts);
    if (!changes.isEmpty()) {
      nft.run(changes);
    }
    applied = whole;
    gatewayPorts = wantedPorts;
  }

  public synchronized ServiceTable table() {
    return applied;
  }

  /// Stops filling; pods keep their network.
  @Override
  public void close() {
    pool.close();
    nft.close();
  }
}
