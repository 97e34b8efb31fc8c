package dev.berth.agent.network;

import dev.berth.api.Cidr;

/// Dotted addresses as the four bytes that netlink and DNS want.
final class Ipv4 {
  private Ipv4() {}

  static byte[] bytes(String dotted) {
    long value =
        Cidr.address(dotted)
            .orElseThrow(() -> new IllegalArgumentException("not an IPv4 address: " + dotted));
    return new byte[] {
      (byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value
    };
  }
}
