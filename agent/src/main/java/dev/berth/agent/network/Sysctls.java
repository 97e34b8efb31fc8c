package dev.berth.agent.network;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/// Kernel parameters that belong to a namespace of the pod and so to nobody else (kubernetes.io:
/// "Using sysctls in a Kubernetes Cluster", the safe set).
public final class Sysctls {
  public static final Set<String> SAFE =
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

  private Sysctls() {}

  /// On a thread that is in the namespaces: the kernel shows each thread its own.
  static boolean write(Map<String, String> parameters) throws IOException {
    for (Map.Entry<String, String> one : parameters.entrySet()) {
      if (!SAFE.contains(one.getKey())) {
        throw new IOException("sysctl " + one.getKey() + " is not one of the safe ones");
      }
      Path file = Path.of("/proc/sys", one.getKey().split("\\.", -1));
      try {
        Files.write(file, one.getValue().getBytes(StandardCharsets.US_ASCII));
      } catch (IOException e) {
        throw new IOException(
            "sysctl " + one.getKey() + " cannot be " + one.getValue() + ": " + e.getMessage(), e);
      }
    }
    return true;
  }
}
