package dev.berth.api;

import java.util.Set;

/// Kernel parameters that belong to a namespace of the pod and so to nobody else (kubernetes.io:
/// "Using sysctls in a Kubernetes Cluster", the safe set).
public final class SafeSysctls {
  public static final Set<String> NAMES =
      Set.of(
          "kernel.shm_rmid_forced",
          "net.ipv4.ip_local_port_range",
          "net.ipv4.ip_local_reserved_ports",
          "net.ipv4.ip_unprivileged_port_start",
          "net.ipv4.ping_group_range",
          "net.ipv4.tcp_fin_timeout",
          "net.ipv4.tcp_keepalive_intvl",
          "net.ipv4.tcp_keepalive_probes",
          "net.ipv4.tcp_keepalive_time",
          "net.ipv4.tcp_rmem",
          "net.ipv4.tcp_syncookies",
          "net.ipv4.tcp_wmem");

  private SafeSysctls() {}

  /// A manifest may also write `net/ipv4/tcp_syncookies`, as sysctl(8) does.
  public static String dotted(String name) {
    return name.replace('/', '.');
  }
}
