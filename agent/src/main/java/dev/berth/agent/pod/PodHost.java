package dev.berth.agent.pod;

import dev.berth.agent.container.Containers;
import dev.berth.agent.container.Security;
import dev.berth.agent.image.Images;
import dev.berth.agent.logs.LogRotation;
import dev.berth.agent.network.PodNetwork;
import dev.berth.agent.probe.Prober;
import dev.berth.agent.status.EventRecorder;
import dev.berth.agent.status.PodStatusWriter;
import dev.berth.agent.volume.References;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.ExecutorService;

/// What the workers of one host share.
///
/// @param starter platform threads on which containers are started, since that blocks in native
///   code
/// @param references what variables and volumes of pods refer to
public record PodHost(
    String node,
    String address,
    Path dataDir,
    Containers containers,
    Images images,
    PodNetwork network,
    Prober prober,
    LogRotation logs,
    PodStatusWriter status,
    EventRecorder events,
    Security security,
    Clock clock,
    ExecutorService starter,
    References references) {

  Path podDir(String uid) {
    return dataDir.resolve("pods").resolve(uid);
  }

  /// Of a container: unique on the node, and readable where keepers are listed.
  static String id(String uid, String container, int attempt) {
    return uid + "-" + container + "-" + attempt;
  }

  static Path logDir(Path dataDir, String namespace, String pod, String uid) {
    return dataDir.resolve("logs").resolve(namespace + "_" + pod + "_" + uid);
  }

  static Path logFile(
      Path dataDir, String namespace, String pod, String uid, String container, int attempt) {
    return logDir(dataDir, namespace, pod, uid).resolve(container).resolve(attempt + ".log");
  }
}
