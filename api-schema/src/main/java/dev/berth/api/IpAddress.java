package dev.berth.api;

import java.net.InetAddress;
import java.util.regex.Pattern;

/// Addresses of either family as manifests write them. Nothing is looked up.
public final class IpAddress {
  /// No zone, no brackets: neither means anything on another host.
  private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:.]{2,45}");

  private IpAddress() {}

  public static boolean isValid(String text) {
    return text.contains(":") ? isV6(text) : Cidr.address(text).isPresent();
  }

  private static boolean isV6(String text) {
    if (!V6.matcher(text).matches()) {
      return false;
    }
    try {
      InetAddress.ofLiteral(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
