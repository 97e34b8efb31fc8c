package dev.berth.agent.build;

import dev.berth.api.ApiException;
import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.build.ImageBuild;
import dev.berth.api.build.ImageBuildStatus;
import dev.berth.api.build.ImageBuildStatus.Phase;
import dev.berth.client.ApiClient;
import dev.berth.client.PatchType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// The builds that are placed on this host. A build that was interrupted by a crash starts again;
/// its finished steps are in the cache.
public final class Builds implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Builds.class);
  private static final int AT_ONCE = 2;
  private static final int ATTEMPTS = 5;
  private static final long RETRY_MILLIS = 500;
  private static final long LAST_RETRY_MILLIS = 30_000;

  private final ApiClient api;
  private final BuildHost host;
  private final CacheMounts mounts;
  private final Map<String, Thread> running = new ConcurrentHashMap<>();
  private final Semaphore slots = new Semaphore(AT_ONCE);
  private final CountDownLatch ending = new CountDownLatch(1);
  private volatile boolean closed;

  public Builds(ApiClient api, BuildHost host) {
    this.api = api;
    this.host = host;
    this.mounts =
        new CacheMounts(
            host.root().resolve("cache").resolve("mounts"), host.containers().machine().sys());
    removeLeftovers();
  }

  /// Contexts and half steps of a builder that is gone; the cache stays.
  private void removeLeftovers() {
    if (!Files.isDirectory(host.root())) {
      return;
    }
    Leftovers.unmount(host.containers().machine().sys(), host.root());
    try (Stream<Path> dirs = Files.list(host.root())) {
      dirs.filter(d -> !d.endsWith("cache"))
          .forEach(
              d -> {
                Leftovers.endContainers(host, d);
                Leftovers.removeGroups(host, d);
                Leftovers.remove(d);
              });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    mounts.removeLeftovers();
    host.network().attached().stream()
        .filter(uid -> uid.startsWith("build-"))
        .forEach(host.network()::detach);
  }

  /// The newest form of a build; only those for this node and not over are taken.
  public void wish(ObjectNode object) {
    ImageBuild build = ImageBuild.read(object);
    boolean mine = build.spec().nodeName().map(host.node()::equals).orElse(false);
    if (closed || !mine || build.status().phase().isFinal() || Json.isDeleting(object)) {
      return;
    }
    running.computeIfAbsent(
        build.uid(),
        uid -> Thread.ofPlatform().name("build-" + build.name()).daemon().start(() -> run(build)));
  }

  public void removed(ObjectNode object) {
    Thread thread = running.get(Json.uid(object));
    if (thread != null) {
      thread.interrupt();
    }
  }

  /// Whether its log can still grow.
  public boolean active(String uid) {
    return running.containsKey(uid);
  }

  private void run(ImageBuild build) {
    try {
      slots.acquire();
      try {
        log.atInfo().addKeyValue("build", build.key()).log("build starts");
        new Build(host, mounts, build, status -> publish(build, status)).run();
      } finally {
        slots.release();
      }
    } catch (InterruptedException e) {
      log.atInfo().addKeyValue("build", build.key()).log("build was given up");
    } finally {
      running.remove(build.uid());
    }
  }

  /// A phase that is not the last may get lost, since the next one says more; without the last one
  /// everybody would wait for ever.
  private void publish(ImageBuild build, ImageBuildStatus status) {
    try {
      for (int attempt = 1; !written(build, status, attempt); attempt++) {
        if (ending.await(pauseMillis(attempt), TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static long pauseMillis(int attempt) {
    return Math.min(LAST_RETRY_MILLIS, RETRY_MILLIS << Math.min(attempt - 1, 10));
  }

  /// True too when there is nothing left to try.
  private boolean written(ImageBuild build, ImageBuildStatus status, int attempt) {
    try {
      write(build, status);
      return true;
    } catch (ApiException e) {
      log.atWarn()
          .addKeyValue("build", build.key())
          .addKeyValue("attempt", attempt)
          .addKeyValue("error", e.getMessage())
          .log("build status was not written");
      return e.isNotFound() || (attempt >= ATTEMPTS && !status.phase().isFinal());
    }
  }

  private void write(ImageBuild build, ImageBuildStatus status) {
    ObjectNode current = api.get(Kinds.IMAGE_BUILD, build.key());
    if (!Json.uid(current).equals(build.uid())) {
      return;
    }
    ObjectNode holder = Json.object();
    holder
        .putObject("status")
        .set(
            "conditions",
            current.path("status").path("conditions").isArray()
                ? current.path("status").path("conditions").deepCopy()
                : Json.array());
    String message = status.failure().map(ImageBuildStatus.Failure::message).orElse("");
    condition(holder, "Complete", status.phase() == Phase.SUCCEEDED, status.phase().toString(), "");
    condition(holder, "Failed", status.phase() == Phase.FAILED, status.phase().toString(), message);
    condition(
        holder, "Ready", status.phase() == Phase.SUCCEEDED, status.phase().toString(), message);
    ObjectNode tree = status.toTree();
    tree.set("conditions", holder.path("status").path("conditions"));
    ObjectNode patch = Json.object();
    patch.set("status", tree);
    api.patch(Kinds.IMAGE_BUILD, build.key(), PatchType.MERGE, patch, "status");
  }

  private void condition(
      ObjectNode holder, String type, boolean holds, String reason, String message) {
    Conditions.set(
        holder,
        new Condition(
            type,
            holds ? Condition.TRUE : Condition.FALSE,
            reason,
            message,
            host.clock().instant(),
            0));
  }

  /// Builds stop here and start again with the next agent.
  @Override
  public void close() {
    closed = true;
    ending.countDown();
    running.values().forEach(Thread::interrupt);
  }
}
