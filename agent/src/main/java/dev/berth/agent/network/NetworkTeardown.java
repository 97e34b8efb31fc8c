package dev.berth.agent.network;

import dev.berth.agent.linux.Netlink;
import dev.berth.agent.linux.Nftables;
import dev.berth.agent.linux.Syscalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Takes the pod network away, and tells what of one is there.
public final class NetworkTeardown {
  private NetworkTeardown() {}

  public static List<String> run(Syscalls sys, Path runDir) {
    List<String> done = new ArrayList<>();
    for (String kind : List.of("pods", "pool")) {
      for (Path dir : SandboxFiles.directories(runDir.resolve(kind))) {
        SandboxPool.destroy(sys, SandboxFiles.remains(dir));
        done.add("removed namespaces of " + dir.getFileName());
      }
    }
    try (Nftables nft = new Nftables()) {
      nft.run(Ruleset.removal());
      done.add("removed nftables tables berth");
    }
    if (links().contains(Bridge.NAME)) {
      try (Netlink netlink = new Netlink(sys)) {
        netlink.delete(Bridge.NAME).flush("delete " + Bridge.NAME);
      }
      done.add("removed link " + Bridge.NAME);
    }
    if (Bridge.restore(runDir, Bridge.FORWARD)) {
      done.add("restored net.ipv4.ip_forward");
    }
    return done;
  }

  private static List<String> links() {
    try {
      return NetworkInterface.networkInterfaces().map(NetworkInterface::getName).toList();
    } catch (SocketException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static List<String> leaks() {
    List<String> found = new ArrayList<>();
    links().stream()
        .filter(n -> n.equals(Bridge.NAME) || n.matches("bv[0-9a-z]+x[0-9a-z]+"))
        .forEach(n -> found.add("link " + n));
    try (Nftables nft = new Nftables()) {
      nft.run("list tables")
          .lines()
          .filter(l -> l.endsWith(" berth"))
          .forEach(l -> found.add("nftables " + l));
    }
    try {
      Files.readAllLines(Path.of("/proc/self/mounts")).stream()
          .map(l -> l.split(" ", 3)[1])
          .filter(m -> m.matches(".*/(pods|pool)/[^/]+/(net|ipc|uts)"))
          .forEach(m -> found.add("mount " + m));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }
}
