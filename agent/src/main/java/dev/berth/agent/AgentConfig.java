package dev.berth.agent;

import dev.berth.api.Cidr;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How to run the agent of one host.
///
/// @param runDir namespaces and other things that do not survive a restart of the machine
/// @param offline never ask a registry outside of the cluster
public record AgentConfig(
    Path dataDir,
    Path runDir,
    Path kubeconfig,
    String nodeName,
    String ingressAddress,
    int ingressPort,
    boolean offline,
    Cidr serviceCidr) {
  /// With the data directory as the kernel names it: mounts are found by that name, and paths in
  /// volumes are opened without following any link. Makes it when it is missing; throws an
  /// `UncheckedIOException` when that cannot be.
  AgentConfig real() {
    return new AgentConfig(
        real(dataDir),
        runDir,
        kubeconfig,
        nodeName,
        ingressAddress,
        ingressPort,
        offline,
        serviceCidr);
  }

  static Path real(Path dir) {
    try {
      return (Files.isDirectory(dir) ? dir : Files.createDirectories(dir)).toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot find the data directory " + dir, e);
    }
  }
}
