package dev.berth.agent.network;

import java.util.Locale;

/// A service's own address, with protocol and port.
public record Vip(String address, String protocol, int port) implements Comparable<Vip> {
  public Vip {
    protocol = protocol.toLowerCase(Locale.ROOT);
  }

  /// The chain that chooses among its targets.
  String chain() {
    return "vip_" + address.replace('.', '_') + "_" + protocol + "_" + port;
  }

  @Override
  public int compareTo(Vip o) {
    return toString().compareTo(o.toString());
  }

  @Override
  public String toString() {
    return address + " . " + protocol + " . " + port;
  }
}
