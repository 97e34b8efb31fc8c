package dev.berth.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.client.ApiClient;
import dev.berth.client.DeleteOptions;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// kill -9 of a whole controller under mixed writes over HTTP, again and again with the same data
/// directory: every acknowledged write is there, revisions only grow, and a watch from before the
/// kill is told to list again instead of missing something.
class ControllerKillTest {
  private static final int WRITERS = 3;
  private static final int KEYS = 5;

  @TempDir Path directory;

  /// A value of one key; empty when it was deleted.
  private record Value(String text, long revision) {}

  private final Map<String, Value> acknowledged = new ConcurrentHashMap<>();
  private final Map<String, String> asked = new ConcurrentHashMap<>();
  private long newest;

  /// Runs in the child until it is killed.
  static final class Running {
    private Running() {}

    public static void main(String[] arguments) throws IOException {
      Controller controller =
          Controller.start(ControllerConfig.defaults(Path.of(arguments[0])).withPort(0));
      new PrintStream(new FileOutputStream(FileDescriptor.out), true)
          .println("serves " + controller.port());
      while (true) {
        LockSupport.park();
      }
    }
  }

  @Test
  void aHundredKillsOfAControllerLoseNothing() throws Exception {
    kill(Integer.getInteger("berth.controller.kills", 100), 31);
  }

  @Test
  @Tag("long")
  void aThousandKillsOfAControllerLoseNothing() throws Exception {
    kill(1_000, 32);
  }

  private void kill(int times, long seed) throws Exception {
    QuickStart quick = QuickStart.of(directory.resolve("quick"));
    rehearse(quick);
    Random random = new Random(seed);
    List<Long> starts = new ArrayList<>();
    for (int round = 0; round < times; round++) {
      String where = "seed " + seed + ", round " + round;
      long begun = System.nanoTime();
      Process child = start(quick.start());
      try {
        String first = child.inputReader().readLine();
        assertTrue(first != null && first.startsWith("serves "), where + " said " + first);
        starts.add(Duration.ofNanos(System.nanoTime() - begun).toMillis());
        try (ApiClient admin =
            ApiClient.fromKubeconfig(directory.resolve("data/admin.kubeconfig"))) {
          verify(admin, where);
          write(admin, child, round, 1 + random.nextInt(30));
        }
      } finally {
        child.destroyForcibly().waitFor();
      }
    }
    starts.sort(Long::compare);
    System.err.println(
        times
            + " kills of a controller: nothing lost; from exec to serving "
            + starts.get(starts.size() / 2)
            + " ms (median), "
            + starts.getLast()
            + " ms (most)");
  }

  /// One orderly life, from which the JVM learns what the others will load.
  private void rehearse(QuickStart quick) throws Exception {
    Process child = start(quick.learn());
    try {
      assertTrue(child.inputReader().readLine().startsWith("serves "));
      try (ApiClient admin = ApiClient.fromKubeconfig(directory.resolve("data/admin.kubeconfig"))) {
        admin.create(Kinds.CONFIG_MAP, map("rehearsal", "1"));
      }
      child.destroy();
      child.waitFor();
    } finally {
      child.destroyForcibly();
    }
  }

  private Process start(List<String> java) throws IOException {
    List<String> command = new ArrayList<>(java);
    command.addAll(List.of(Running.class.getName(), directory.resolve("data").toString()));
    return new ProcessBuilder(command).redirectError(directory.resolve("stderr").toFile()).start();
  }

  private void verify(ApiClient admin, String where) throws IOException {
    for (var entry : asked.entrySet()) {
      String key = entry.getKey();
      Value known = acknowledged.getOrDefault(key, new Value("", 0));
      Value found =
          admin
              .find(Kinds.CONFIG_MAP, new ObjectKey("default", key))
              .map(ControllerKillTest::value)
              .orElse(new Value("", known.revision()));
      boolean fits = found.text().equals(known.text()) || found.text().equals(entry.getValue());
      assertTrue(fits, where + ": " + key + " is " + found + ", was " + known + ", then " + entry);
      assertTrue(found.revision() >= known.revision(), where + ": " + key + " runs backwards");
      acknowledged.put(key, found);
    }
    if (newest > 0) {
      watchFromBefore(admin, where);
    }
  }

  private static Value value(ObjectNode map) {
    return new Value(Json.text(map, "data", "value"), Long.parseLong(Json.resourceVersion(map)));
  }

  private void watchFromBefore(ApiClient admin, String where) throws IOException {
    String path =
        "/api/v1/namespaces/default/configmaps?watch=true&timeoutSeconds=1&resourceVersion=";
    var answer = admin.raw("GET", path + newest);
    String first = new String(answer.body().readAllBytes(), StandardCharsets.UTF_8);
    JsonNode status = Json.parse(first.lines().findFirst().orElse("{}"));
    int code =
        answer.statusCode() == 200
            ? status.path("object").path("code").asInt(0)
            : answer.statusCode();
    assertEquals(410, code, where + ": " + first);
  }

  /// Returns when `enough` writes were acknowledged and the child is dead.
  private void write(ApiClient admin, Process child, int round, int enough)
      throws InterruptedException {
    CountDownLatch left = new CountDownLatch(enough);
    List<Thread> writers = new ArrayList<>();
    for (int w = 0; w < WRITERS; w++) {
      String prefix = "w" + w + "-";
      writers.add(Thread.ofVirtual().start(() -> write(admin, prefix, round, left)));
    }
    left.await();
    child.toHandle().destroyForcibly();
    child.waitFor();
    for (Thread writer : writers) {
      writer.join();
    }
  }

  private void write(ApiClient admin, String prefix, int round, CountDownLatch left) {
    try {
      for (int i = 0; ; i++) {
        String key = prefix + i % KEYS;
        String text = i % 4 == 3 && there(key) ? "" : round + "." + i;
        asked.put(key, text);
        long revision = write(admin, key, text);
        acknowledged.put(key, new Value(text, revision));
        note(revision);
        left.countDown();
      }
    } catch (ApiException e) {
      // The server is gone: what was asked for last is in doubt.
    }
  }

  private synchronized void note(long revision) {
    newest = Math.max(newest, revision);
  }

  private boolean there(String key) {
    Value known = acknowledged.get(key);
    return known != null && !known.text().isEmpty();
  }

  private long write(ApiClient admin, String key, String text) {
    ObjectNode map = map(key, text);
    if (text.isEmpty()) {
      admin.delete(Kinds.CONFIG_MAP, new ObjectKey("default", key), DeleteOptions.DEFAULT);
      Value known = acknowledged.get(key);
      return known == null ? 0 : known.revision();
    }
    ObjectNode stored =
        there(key) ? admin.replace(Kinds.CONFIG_MAP, map) : admin.create(Kinds.CONFIG_MAP, map);
    return Long.parseLong(Json.resourceVersion(stored));
  }

  private static ObjectNode map(String name, String text) {
    ObjectNode map = Json.object().put("apiVersion", "v1").put("kind", "ConfigMap");
    Json.meta(map).put("name", name).put("namespace", "default");
    map.putObject("data").put("value", text);
    return map;
  }
}
