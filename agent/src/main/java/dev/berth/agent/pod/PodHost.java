package dev.berth.agent.pod;

import dev.berth.agent.container.Containers;
import dev.berth.agent.container.Security;
import dev.berth.agent.image.Images;
import dev.berth.agent.logs.LogRotation;
import dev.berth.agent.network.PodNetwork;
import dev.berth.agent.probe.Prober;
import dev.berth.agent.status.EventRecorder;
import dev.berth.agent.status.PodStatusWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/// What the workers of one host share.
///
/// @param starter platform threads on which containers are started, since that blocks in native
///   code
/// @param objects data of a ConfigMap or Secret: kind, namespace, name
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
    Objects objects) {
  /// Looks up what a pod's variables refer to.
  public interface Objects {
    Optional<Map<String, String>> data(String kind, String namespace, String name);
  }

  Path podDir(String uid) {
    return dataDir.resolve("pods").resolve(uid);
  }

  static Path logDir(Path dataDir, String namespace, String pod, String uid) {
    return dataDir.resolve("logs").resolve(namespace + "_" + pod + "_" + uid);
  }

  static Path logFile(
      Path dataDir, String namespace, String pod, String uid, String container, int attempt) {
    return logDir(dataDir, namespace, pod, uid).resolve(container).resolve(attempt + ".log");
  }
}
