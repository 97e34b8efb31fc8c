package dev.berth.bench;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.client.ApiClient;
import dev.berth.client.DeleteOptions;
import dev.berth.client.Watch;
import dev.berth.client.WatchEvent;
import dev.berth.client.WatchOptions;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Pods as a client of the API sees them: created, and then told by a watch that was open before.
final class PodRunner implements AutoCloseable {
  private static final String NAMESPACE = "default";
  private static final int PATIENCE_SECONDS = 60;

  private final ApiClient client;
  private final Watch watch;
  private final Map<String, CompletableFuture<Long>> running = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<Long>> gone = new ConcurrentHashMap<>();

  PodRunner(ApiClient client) {
    this.client = client;
    this.watch = client.watch(Kinds.POD, NAMESPACE, WatchOptions.from(""), this::event);
  }

  private void event(WatchEvent event) {
    String name = Json.name(event.object());
    if (event.type() == WatchEvent.Type.DELETED) {
      Optional.ofNullable(gone.get(name)).ifPresent(f -> f.complete(System.nanoTime()));
    } else if (runs(event.object())) {
      Optional.ofNullable(running.get(name)).ifPresent(f -> f.complete(System.nanoTime()));
    }
  }

  /// Every container of it, not only the first.
  static boolean runs(JsonNode pod) {
    JsonNode status = pod.path("status");
    JsonNode containers = status.path("containerStatuses");
    return status.path("phase").asString("").equals("Running")
        && containers.size() == pod.path("spec").path("containers").size()
        && containers.valueStream().allMatch(c -> c.path("state").has("running"));
  }

  /// Nanoseconds from the POST until the watch says that all of it runs.
  long start(ObjectNode pod) throws Exception {
    String name = Json.name(pod);
    CompletableFuture<Long> runs = new CompletableFuture<>();
    running.put(name, runs);
    gone.put(name, new CompletableFuture<>());
    long begin = System.nanoTime();
    client.create(Kinds.POD, pod);
    return runs.get(PATIENCE_SECONDS, TimeUnit.SECONDS) - begin;
  }

  void remove(String name) throws Exception {
    client.delete(
        Kinds.POD,
        new ObjectKey(NAMESPACE, name),
        new DeleteOptions(OptionalLong.of(0), Optional.empty(), Optional.empty()));
    CompletableFuture<Long> ended =
        Optional.ofNullable(gone.get(name)).orElseGet(() -> CompletableFuture.completedFuture(0L));
    ended.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    running.remove(name);
    gone.remove(name);
  }

  @Override
  public void close() {
    watch.close();
  }
}
