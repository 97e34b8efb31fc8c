package dev.berth.gitops.source;

import java.io.IOException;
import java.net.InetAddress;

/// Which hosts may be asked. The address is looked at and not only the name: a name that anybody
/// registers may lead to the metadata service of a cloud, which hands out credentials to whoever
/// asks from inside.
final class Addresses {
  private Addresses() {}

  /// @param asked whether the user named this host; else a server led here by a redirect, which may
  ///   not lead to this machine itself
  /// @throws IOException naming the address where it is refused, or the host where it is unknown
  static void require(String host, boolean asked) throws IOException {
    for (InetAddress address : InetAddress.getAllByName(host)) {
      boolean metadata =
          address.isLinkLocalAddress()
              || address.isMulticastAddress()
              || address.isAnyLocalAddress()
              || address.getHostAddress().equals("fd00:ec2:0:0:0:0:0:254");
      if (metadata || (!asked && address.isLoopbackAddress())) {
        throw new IOException(
            host + " is " + address.getHostAddress() + ", which is not asked for repositories");
      }
    }
  }
}
