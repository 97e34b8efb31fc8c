package dev.berth.agent.pod;

import dev.berth.agent.logs.LogQuery;
import dev.berth.agent.logs.LogReader;
import dev.berth.api.Json;
import dev.berth.api.ObjectKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// All pods of this host: hands each object to its worker, by uid, since a name may come back as
/// another pod.
public final class Pods implements AutoCloseable {
  private final PodHost host;
  private final Map<String, PodWorker> workers = new ConcurrentHashMap<>();
  private volatile boolean closed;

  public Pods(PodHost host) {
    this.host = host;
  }

  /// The newest form of a pod that is bound to this host.
  public void wish(ObjectNode pod) {
    PodSpec spec = PodSpec.read(pod);
    boolean over = Set.of("Succeeded", "Failed").contains(Json.text(pod, "status", "phase"));
    if (closed || (over && !spec.deleting() && !workers.containsKey(spec.uid()))) {
      return;
    }
    workers.compute(
        spec.uid(),
        (uid, known) -> {
          if (known == null) {
            return new PodWorker(host, spec, () -> workers.remove(uid));
          }
          known.wish(spec);
          return known;
        });
  }

  public void removed(ObjectNode pod) {
    Optional.ofNullable(workers.get(Json.uid(pod))).ifPresent(PodWorker::removed);
  }

  /// Ends what runs here for pods that the API no longer knows; call it once, after the first full
  /// list.
  public void sweep(Set<String> knownUids) {
    host.network().attached().stream()
        .filter(uid -> orphaned(uid, knownUids))
        .forEach(uid -> Orphans.remove(host, uid));
  }

  /// Sandboxes of builds are no pod's: their room looks after them.
  static boolean orphaned(String uid, Set<String> knownUids) {
    return !uid.startsWith("build-") && !knownUids.contains(uid);
  }

  /// What the worker of this pod is at.
  public Optional<ObjectNode> debug(String uid) {
    return Optional.ofNullable(workers.get(uid)).map(PodWorker::debug);
  }

  public int count() {
    return workers.size();
  }

  /// Streams a container's log; the pod's object tells how often it was restarted.
  public void readLog(
      JsonNode pod, String container, boolean previous, LogQuery query, LogReader.Sink sink)
      throws IOException, InterruptedException {
    JsonNode status =
        pod.path("status")
            .path("containerStatuses")
            .valueStream()
            .filter(c -> container.equals(Json.text(c, "name")))
            .findFirst()
            .orElseGet(Json::object);
    int attempt = status.path("restartCount").asInt(0) - (previous ? 1 : 0);
    ObjectKey key = ObjectKey.of(pod);
    Path file =
        PodHost.logFile(
            host.dataDir(), key.namespace(), key.name(), Json.uid(pod), container, attempt);
    if (!previous && !Files.exists(file) && attempt > 0) {
      file =
          PodHost.logFile(
              host.dataDir(),
              key.namespace(),
              key.name(),
              Json.uid(pod),
              container,
              attempt - 1); // waits in its back-off
    }
    Path state = host.podDir(Json.uid(pod)).resolve(container).resolve(Integer.toString(attempt));
    new LogReader(file, query, sink)
        .read(
            () ->
                host.containers()
                    .adopt(state)
                    .map(c -> !host.containers().running(c))
                    .orElse(true));
  }

  /// Workers stop; containers go on.
  @Override
  public void close() {
    closed = true;
    workers.values().forEach(PodWorker::stop);
    workers.clear();
  }
}
