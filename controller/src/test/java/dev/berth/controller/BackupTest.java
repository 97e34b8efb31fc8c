package dev.berth.controller;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Digest;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.client.ApiClient;
import dev.berth.client.DeleteOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One file, taken while writes go on, that makes an empty directory the same controller again.
class BackupTest {
  private static final Restore.Progress QUIET = (_, _) -> {};

  @TempDir Path directory;

  private Controller start(String name) throws IOException {
    return Controller.start(ControllerConfig.defaults(directory.resolve(name)).withPort(0));
  }

  private static ObjectNode configMap(String name, int value) {
    ObjectNode map = Json.object().put("apiVersion", "v1").put("kind", "ConfigMap");
    Json.meta(map).put("name", name).put("namespace", "default");
    map.putObject("data").put("value", Integer.toString(value));
    return map;
  }

  private Path backup(Controller from, String query) throws Exception {
    Path file = directory.resolve("backup.tgz");
    try (ApiClient admin = ApiClient.fromKubeconfig(from.adminKubeconfig());
        HttpClient http = HttpClient.newBuilder().sslContext(admin.sslContext()).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create(admin.server() + "/apis/berth.dev/v1alpha1/backup" + query))
              .build();
      assertEquals(200, http.send(request, BodyHandlers.ofFile(file)).statusCode());
    }
    return file;
  }

  private static Map<String, String> objects(Controller controller) throws IOException {
    Map<String, String> found = new TreeMap<>();
    try (ApiClient admin = ApiClient.fromKubeconfig(controller.adminKubeconfig())) {
      JsonNode maps =
          Json.parse(
              admin.raw("GET", "/api/v1/namespaces/default/configmaps").body().readAllBytes());
      for (JsonNode map : maps.path("items")) {
        found.put(
            Json.name(map), Json.text(map, "data", "value") + "@" + Json.resourceVersion(map));
      }
    }
    return found;
  }

  @Test
  void whatIsRestoredIsTheSameControllerWithTheSameKeysImagesAndRevisions() throws Exception {
    String blob = "hello";
    String digest = Digest.sha256(blob.getBytes(StandardCharsets.UTF_8)).toString();
    Map<String, String> before;
    Path file;
    try (Controller controller = start("a");
        ApiClient admin = ApiClient.fromKubeconfig(controller.adminKubeconfig())) {
      for (int i = 0; i < 50; i++) {
        admin.create(Kinds.CONFIG_MAP, configMap("m" + i, i));
      }
      push(admin, blob, digest);
      admin.create(Kinds.SECRET, secret());
      before = objects(controller);
      file = backup(controller, "");
    }
    Restore.Summary summary = Restore.restore(file, directory.resolve("b"), false, QUIET);
    assertEquals(1, summary.blobs());
    assertArrayEquals(
        Files.readAllBytes(directory.resolve("a/pki/ca.key")),
        Files.readAllBytes(directory.resolve("b/pki/ca.key")));
    try (Controller controller = start("b");
        ApiClient admin = ApiClient.fromKubeconfig(controller.adminKubeconfig())) {
      assertEquals(before, objects(controller));
      ObjectNode kept = admin.get(Kinds.SECRET, new ObjectKey("default", "s"));
      assertEquals("aHVzaA==", Json.text(kept, "data", "p"));
      ObjectNode next = admin.create(Kinds.CONFIG_MAP, configMap("next", 0));
      assertTrue(Long.parseLong(Json.resourceVersion(next)) > summary.revision());
      var answer = admin.raw("GET", "/v2/default/img/blobs/" + digest);
      assertEquals(blob, new String(answer.body().readAllBytes(), StandardCharsets.UTF_8));
    }
    assertArrayEquals(
        Files.readAllBytes(directory.resolve("a/pki/admin.crt")),
        Files.readAllBytes(directory.resolve("b/pki/admin.crt")));
  }

  private static ObjectNode secret() {
    return Json.parseObject(
        "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"s\","
            + "\"namespace\":\"default\"},\"data\":{\"p\":\"aHVzaA==\"}}");
  }

  @Test
  void aControllerWithoutTheKeysOfItsSecretsSaysSoAndDoesNotStart() throws Exception {
    try (Controller controller = start("a");
        ApiClient admin = ApiClient.fromKubeconfig(controller.adminKubeconfig())) {
      admin.create(Kinds.SECRET, secret());
    }
    byte[] store = Files.readAllBytes(directory.resolve("a/store/berth.db"));
    assertFalse(new String(store, StandardCharsets.ISO_8859_1).contains("aHVzaA=="));
    Path keys = directory.resolve("a/pki/secrets.keys");
    Path elsewhere = Files.move(keys, directory.resolve("elsewhere.keys"));
    String refused = String.valueOf(assertThrows(IOException.class, () -> start("a")).getMessage());
    assertTrue(refused.contains(keys + " is not there: put the file"), refused);
    ControllerConfig config =
        ControllerConfig.defaults(directory.resolve("a")).withPort(0).withSecretKeys(elsewhere);
    try (Controller controller = Controller.start(config);
        ApiClient admin = ApiClient.fromKubeconfig(controller.adminKubeconfig())) {
      ObjectNode kept = admin.get(Kinds.SECRET, new ObjectKey("default", "s"));
      assertEquals("aHVzaA==", Json.text(kept, "data", "p"));
    }
  }

  private static void push(ApiClient admin, String blob, String digest) throws IOException {
    var answer =
        admin.raw(
            "POST",
            "/v2/default/img/blobs/uploads/?digest=" + digest,
            Map.of("Content-Type", "application/octet-stream"),
            BodyPublishers.ofString(blob));
    assertEquals(201, answer.statusCode());
  }

  /// Each writer counts one object up and notes what was acknowledged. The copy must hold, of each
  /// writer, at least what was acknowledged before it was asked for, and never a later value beside
  /// a missing earlier one of the same revision order.
  @Test
  void aBackupUnderWritesIsEverythingUpToOneRevisionAndNothingAfterIt() throws Exception {
    try (Controller controller = start("a");
        ApiClient admin = ApiClient.fromKubeconfig(controller.adminKubeconfig());
        ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
      AtomicBoolean enough = new AtomicBoolean();
      CountDownLatch begun = new CountDownLatch(40);
      List<Future<Map<String, String>>> written = new ArrayList<>();
      for (int w = 0; w < 4; w++) {
        String prefix = "w" + w + "-";
        written.add(writers.submit(() -> write(admin, prefix, enough, begun)));
      }
      begun.await();
      Map<String, String> least = objects(controller);
      Path file = backup(controller, "?images=false");
      enough.set(true);
      Map<String, String> all = new TreeMap<>();
      for (Future<Map<String, String>> future : written) {
        all.putAll(future.get());
      }
      Restore.Summary summary = Restore.restore(file, directory.resolve("b"), false, QUIET);
      assertFalse(summary.images());
      try (Controller restored = start("b")) {
        Map<String, String> found = objects(restored);
        assertTrue(found.keySet().containsAll(least.keySet()), "an acknowledged write is missing");
        all.forEach(
            (name, revision) ->
                assertEquals(
                    Long.parseLong(revision) <= summary.revision(),
                    found.containsKey(name),
                    name + "@" + revision + " in a copy of revision " + summary.revision()));
      }
    }
  }

  private static Map<String, String> write(
      ApiClient admin, String prefix, AtomicBoolean enough, CountDownLatch begun) {
    Map<String, String> acknowledged = new TreeMap<>();
    for (int i = 0; !enough.get(); i++) {
      ObjectNode stored = admin.create(Kinds.CONFIG_MAP, configMap(prefix + i, i));
      acknowledged.put(prefix + i, Json.resourceVersion(stored));
      begun.countDown();
    }
    return acknowledged;
  }

  @Test
  void aDamagedBackupIsRefusedWithTheEntryAndNothingChanges() throws Exception {
    Path file;
    try (Controller controller = start("a")) {
      file = backup(controller, "");
    }
    byte[] good = Files.readAllBytes(file);
    byte[] unzipped = unzipped(file);
    Random random = new Random(7);
    for (int i = 0; i < 60; i++) {
      byte[] bad = good.clone();
      int at = 12 + random.nextInt(bad.length - 12);
      bad[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, i % 3 == 0 ? Arrays.copyOf(good, at) : bad);
      if (Arrays.equals(unzipped(file), unzipped)) {
        continue;
      }
      IOException refused =
          assertThrows(IOException.class, () -> Restore.verify(file, QUIET), "byte " + at);
      assertTrue(
          String.valueOf(refused.getMessage()).contains("is damaged at "), refused.getMessage());
      if (i % 10 == 0) {
        assertThrows(
            IOException.class, () -> Restore.restore(file, directory.resolve("b"), false, QUIET));
        requireNothingLeft();
      }
    }
  }

  /// Some bits of a deflated stream mean nothing: flipping them is no damage.
  private static byte[] unzipped(Path file) {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return in.readAllBytes();
    } catch (IOException e) {
      return new byte[0];
    }
  }

  private void requireNothingLeft() throws IOException {
    try (Stream<Path> left = Files.list(directory.resolve("b"))) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void dataThatIsThereIsOnlyPutAsideWithForceAndNeverBelowARunningBerth() throws Exception {
    try (Controller controller = start("a");
        ApiClient admin = ApiClient.fromKubeconfig(controller.adminKubeconfig())) {
      admin.create(Kinds.CONFIG_MAP, configMap("kept", 1));
      Path file = backup(controller, "");
      IOException running =
          assertThrows(
              IOException.class, () -> Restore.restore(file, directory.resolve("a"), true, QUIET));
      assertTrue(
          String.valueOf(running.getMessage()).contains("stop it first"), running.getMessage());
      admin.delete(Kinds.CONFIG_MAP, new ObjectKey("default", "kept"), DeleteOptions.DEFAULT);
    }
    Path file = directory.resolve("backup.tgz");
    IOException full =
        assertThrows(
            IOException.class, () -> Restore.restore(file, directory.resolve("a"), false, QUIET));
    assertTrue(String.valueOf(full.getMessage()).contains("--force"), full.getMessage());
    Restore.Summary summary = Restore.restore(file, directory.resolve("a"), true, QUIET);
    assertTrue(Files.exists(summary.replaced().orElseThrow().resolve("store/berth.db")));
    try (Controller controller = start("a")) {
      assertEquals(List.of("kept"), List.copyOf(objects(controller).keySet()).subList(0, 1));
    }
  }

  @Test
  void aControllerDoesNotStartInHalfOfARestore() throws Exception {
    Path home = Files.createDirectories(directory.resolve("a"));
    Files.writeString(home.resolve("restore.incomplete"), "/backups/monday.tgz\n");
    IOException refused = assertThrows(IOException.class, () -> start("a"));
    assertTrue(
        String.valueOf(refused.getMessage()).contains("berth restore /backups/monday.tgz"),
        refused.getMessage());
  }

  @Test
  void anAgentMayNotTakeABackup() throws Exception {
    try (Controller controller = start("a");
        ApiClient agent = ApiClient.fromKubeconfig(controller.agentKubeconfig())) {
      var answer = agent.raw("GET", "/apis/berth.dev/v1alpha1/backup");
      assertEquals(403, answer.statusCode());
    }
  }
}
