package dev.berth.agent.build;

import dev.berth.agent.container.Containers;
import dev.berth.agent.container.Security;
import dev.berth.agent.image.Images;
import dev.berth.agent.image.Registries;
import dev.berth.agent.logs.LogRotation;
import dev.berth.agent.network.PodNetwork;
import java.nio.file.Path;
import java.time.Clock;

/// What the builds of one host share.
public record BuildHost(
    String node,
    Path dataDir,
    Containers containers,
    Images images,
    Registries registries,
    PodNetwork network,
    Security security,
    LogRotation logs,
    Clock clock) {
  Path root() {
    return dataDir.resolve("builds");
  }

  /// In CRI form, so that the steps' containers append to it themselves.
  public static Path logFile(Path dataDir, String namespace, String name) {
    return dataDir.resolve("logs").resolve("builds").resolve(namespace + "_" + name + ".log");
  }
}
