package dev.berth.agent.network;

import dev.berth.api.Cidr;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The host's own routes: what our ranges must not overlap, and the link whose MTU pods can use.
public record HostRoutes(List<Route> routes) {
  private static final int VXLAN_OVERHEAD = 50;
  private static final int DEFAULT_MTU = 1500;

  public record Route(String link, Cidr destination) {}

  public static HostRoutes read() {
    try {
      return parse(Files.readAllLines(Path.of("/proc/net/route")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Lines of /proc/net/route: link, destination and (8th) mask in little-endian hex.
  static HostRoutes parse(List<String> lines) {
    return new HostRoutes(
        lines.stream()
            .skip(1)
            .map(l -> l.split("\\s+", -1))
            .filter(f -> f.length > 7)
            .map(f -> new Route(f[0], cidr(f[1], f[7])))
            .toList());
  }

  private static Cidr cidr(String destination, String mask) {
    return new Cidr(
        Integer.reverseBytes(Integer.parseUnsignedInt(destination, 16)),
        Integer.bitCount(Integer.parseUnsignedInt(mask, 16)));
  }

  /// A route of somebody else inside this range, if there is one.
  public Optional<Route> overlap(Cidr range) {
    return routes.stream()
        .filter(
            r ->
                r.destination().prefix() > 0
                    && !r.link().equals(Bridge.NAME)
                    && !isOfAPod(r.link())
                    && r.destination().overlaps(range))
        .findFirst();
  }

  /// Pods that outlived the agent keep their routes.
  private static boolean isOfAPod(String link) {
    return link.startsWith("bv");
  }

  int podMtu() {
    try {
      Optional<Route> way = routes.stream().filter(r -> r.destination().prefix() == 0).findFirst();
      NetworkInterface link = way.isPresent() ? NetworkInterface.getByName(way.get().link()) : null;
      return (link == null ? DEFAULT_MTU : link.getMTU()) - VXLAN_OVERHEAD;
    } catch (SocketException e) {
      return DEFAULT_MTU - VXLAN_OVERHEAD;
    }
  }
}
