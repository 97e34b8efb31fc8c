package dev.berth.agent.pod;

import dev.berth.agent.container.Keeper;
import dev.berth.agent.logs.LogQuery;
import dev.berth.agent.logs.LogReader;
import dev.berth.agent.volume.VolumeLeftovers;
import dev.berth.api.Json;
import dev.berth.api.ObjectKey;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// All pods of this host: hands each object to its worker, by uid, since a name may come back as
/// another pod.
public final class Pods implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Pods.class);
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
    if (closed) {
      return;
    }
    if (over && !spec.deleting() && !workers.containsKey(spec.uid())) {
      host.network().detach(spec.uid()); // an agent before this one may have died before it did
      VolumeLeftovers.unmount(host.containers().machine().sys(), host.podDir(spec.uid()));
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

  /// The object is gone. A pod that was over when this agent began has no worker, but files.
  public void removed(ObjectNode pod) {
    String uid = Json.uid(pod);
    PodWorker worker = workers.get(uid);
    if (worker != null) {
      worker.removed();
    } else if (!closed) {
      Thread.ofPlatform().name("orphan-" + uid).daemon().start(() -> orphan(uid));
    }
  }

  /// Ends what runs here for pods that the API no longer knows; call it once, after the first full
  /// list.
  ///
  /// @param knownUids asked after this host was looked at: a pod that comes meanwhile is no orphan
  public void sweep(Supplier<Set<String>> knownUids) {
    Set<String> here = Orphans.uids(host);
    Set<String> known = knownUids.get();
    here.stream()
        .filter(uid -> orphaned(uid, known) && !workers.containsKey(uid))
        .forEach(this::orphan);
  }

  /// One that cannot be removed is told, and all others go.
  private void orphan(String uid) {
    try {
      Orphans.remove(host, uid);
    } catch (RuntimeException e) {
      log.atError().addKeyValue("uid", uid).setCause(e).log("cannot remove what a pod left");
    }
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
        Stream.of("containerStatuses", "initContainerStatuses")
            .flatMap(list -> pod.path("status").path(list).valueStream())
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
    String id = PodHost.id(Json.uid(pod), container, attempt);
    new LogReader(file, query, sink).read(ended(id));
  }

  /// The container of this name, if it runs.
  public Optional<Inside> inside(ObjectNode pod, String container) {
    return Inside.of(host, PodSpec.read(pod), container);
  }

  /// A connection to a port on the pod's own loopback address.
  public SocketChannel connect(ObjectNode pod, int port) throws IOException, InterruptedException {
    return host.network().connect(Json.uid(pod), port);
  }

  /// The keeper is looked up once: a reader asks at every line.
  private BooleanSupplier ended(String id) {
    Optional<Keeper> keeper =
        host.containers().keepers().stream().filter(k -> k.id().equals(id)).findFirst();
    return () -> keeper.isEmpty() || !keeper.get().alive();
  }

  /// Workers stop; containers go on.
  @Override
  public void close() {
    closed = true;
    workers.values().forEach(PodWorker::stop);
    workers.clear();
  }
}
