package dev.berth.agent.network;

import dev.berth.agent.linux.Errno;
import dev.berth.agent.linux.ErrnoException;
import dev.berth.agent.linux.Netlink;
import dev.berth.agent.linux.Syscalls;
import dev.berth.api.Cidr;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// `berth0`: the address of this host towards its pods: their gateway, their DNS server, the
/// endpoint gateway.
///
/// No pod's link is a port of it. Each link is routed by itself: where the host has
/// `bridge-nf-call-iptables` on, a bridge translates a service's address while it still bridges and
/// then sends the frame straight to the other port, which an isolated port refuses. Routed links
/// pass our rules in either setting.
public record Bridge(String address, Cidr subnet, int mtu, int index) {
  public static final String NAME = "berth0";
  static final Path FORWARD = Path.of("/proc/sys/net/ipv4/ip_forward");
  private static final String FORWARD_NOTE = "ip_forward";

  static Bridge ensure(Syscalls sys, Cidr subnet, int mtu) {
    String address = subnet.nth(1);
    try (Netlink netlink = new Netlink(sys)) {
      try {
        netlink.bridge(NAME, mtu).flush("bridge " + NAME);
      } catch (ErrnoException e) {
        if (!e.is(Errno.EEXIST)) {
          throw e;
        }
      }
      int index = index(sys, NAME);
      netlink
          .address(index, Ipv4.bytes(address), subnet.prefix())
          .up(index)
          .flush("address of " + NAME);
      sysctl("net/ipv4/ip_forward", "1");
      return new Bridge(address, subnet, mtu, index);
    }
  }

  /// Notes what the host had, once: a later agent would only find our own setting.
  static void remember(Path runDir) {
    Path note = runDir.resolve(FORWARD_NOTE);
    try {
      if (!Files.exists(note)) {
        Files.writeString(note, Files.readString(FORWARD));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot note the host's ip_forward in " + note, e);
    }
  }

  /// Gives the host back what it had; true when that was something else.
  static boolean restore(Path runDir, Path setting) {
    Path note = runDir.resolve(FORWARD_NOTE);
    try {
      if (!Files.exists(note)) {
        return false;
      }
      String before =
          new String(Files.readAllBytes(note), java.nio.charset.StandardCharsets.ISO_8859_1)
              .strip();
      if (!before.matches("[01]")) {
        Files.delete(note); // damaged: what the host had is not known
        return false;
      }
      boolean other = !Files.readString(setting).strip().equals(before);
      if (other) {
        Files.writeString(setting, before);
      }
      Files.delete(note);
      return other;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot restore ip_forward from " + note, e);
    }
  }

  /// Asked of the kernel by name: Java's own list lacks links without an address.
  static int index(Syscalls sys, String link) {
    return sys.linkIndex(link)
        .orElseThrow(() -> new IllegalStateException("no link " + link + " on this host"));
  }

  static void sysctl(String name, String value) {
    Path file = Path.of("/proc/sys", name);
    try {
      if (!Files.readString(file).strip().equals(value)) {
        Files.writeString(file, value);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot set " + name + " to " + value, e);
    }
  }
}
