package dev.berth.agent;

import dev.berth.agent.linux.Nftables;
import dev.berth.agent.network.HostRoutes;
import dev.berth.api.Cidr;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What must hold before an agent can run here, each with its fix. Looks only; changes nothing but
/// the folder for native libraries in a data directory that is there.
public final class Preflight {
  private Preflight() {}

  /// One check and what came of it.
  ///
  /// @param fatal without it nothing works; the rest works less well
  public record Finding(String check, boolean ok, boolean fatal, String found, String fix) {}

  public static List<Finding> run(AgentConfig c) {
    // nftables is asked through JNA, which unpacks its native half once, where it is told first.
    if (Files.isWritable(c.dataDir())) {
      Natives.keepIn(c.dataDir().resolve("lib"));
    }
    List<Finding> findings = new ArrayList<>();
    findings.add(root());
    findings.add(filesystem("overlay", "modprobe overlay"));
    findings.add(namespaces());
    findings.add(cgroups());
    findings.add(nftables());
    findings.add(range("service range", c.serviceCidr(), "--service-cidr"));
    findings.add(port(c));
    findings.add(forwarding());
    return findings;
  }

  private static Finding root() {
    boolean root = "root".equals(System.getProperty("user.name"));
    return new Finding(
        "root", root, true, "user " + System.getProperty("user.name"), "run as root (sudo)");
  }

  private static Finding filesystem(String name, String fix) {
    boolean known = read("/proc/filesystems").contains(name);
    return new Finding("file system " + name, known, true, known ? "present" : "missing", fix);
  }

  private static Finding namespaces() {
    List<String> missing =
        List.of("mnt", "pid", "uts", "ipc", "net", "cgroup").stream()
            .filter(n -> !Files.exists(Path.of("/proc/self/ns", n)))
            .toList();
    return new Finding(
        "namespaces",
        missing.isEmpty(),
        true,
        missing.isEmpty() ? "all" : "missing " + missing,
        "a kernel with these namespaces (5.7 or newer)");
  }

  private static Finding cgroups() {
    String mounts = read("/proc/self/mounts");
    boolean two = read("/sys/fs/cgroup/cgroup.controllers").contains("memory");
    boolean one =
        mounts.contains(" cgroup ")
            && Files.isDirectory(Path.of("/sys/fs/cgroup/memory"))
            && Files.isDirectory(Path.of("/sys/fs/cgroup/pids"));
    return new Finding(
        "cgroups",
        two || one,
        true,
        two ? "v2" : one ? "v1" : "no memory and pids controllers",
        "mount cgroups: mount -t cgroup2 none /sys/fs/cgroup");
  }

  private static Finding nftables() {
    try (Nftables nft = new Nftables()) {
      nft.run("list tables");
      return new Finding("nftables", true, true, "present", "");
    } catch (UnsatisfiedLinkError e) {
      return new Finding(
          "nftables", false, true, "libnftables.so.1 is missing", "apt-get install nftables");
    } catch (IllegalStateException e) {
      return new Finding(
          "nftables",
          false,
          true,
          String.valueOf(e.getMessage()),
          "run as root, with nf_tables in the kernel");
    }
  }

  private static Finding range(String what, Cidr range, String option) {
    return HostRoutes.read()
        .overlap(range)
        .map(
            r ->
                new Finding(
                    what,
                    false,
                    true,
                    range + " overlaps the route " + r.destination() + " on " + r.link(),
                    "choose another with " + option))
        .orElseGet(() -> new Finding(what, true, true, range.toString(), ""));
  }

  private static Finding port(AgentConfig c) {
    String where = c.ingressAddress() + ":" + c.ingressPort();
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(c.ingressAddress(), c.ingressPort()));
      return new Finding("ingress port", true, true, where + " is free", "");
    } catch (IOException e) {
      return new Finding(
          "ingress port",
          false,
          true,
          where + ": " + e.getMessage(),
          "stop what listens there, or choose another with --ingress-port");
    }
  }

  /// Docker and podman set the forward policy to drop; then pods reach nothing outside, whatever
  /// our own table says.
  private static Finding forwarding() {
    try (Nftables nft = new Nftables()) {
      String chain = nft.run("list chain ip filter FORWARD");
      boolean drops = chain.contains("policy drop");
      return new Finding(
          "forward policy",
          !drops,
          false,
          drops ? "DROP (set by Docker or podman)" : "accept",
          drops
              ? "iptables -I FORWARD -i berth0 -j ACCEPT; iptables -I FORWARD -o berth0 -j ACCEPT"
              : "");
    } catch (IllegalStateException | UnsatisfiedLinkError e) {
      return new Finding("forward policy", true, false, "no iptables filter table", "");
    }
  }

  private static String read(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      return "";
    }
  }
}
