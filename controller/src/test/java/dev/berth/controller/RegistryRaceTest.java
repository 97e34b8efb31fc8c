package dev.berth.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Digest;
import dev.berth.client.ApiClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who looks while others push and delete, and uploads that nobody ends.
class RegistryRaceTest {
  private static final String MANIFEST = "{\"schemaVersion\":2,\"layers\":[]}";
  private static final String DIGEST =
      Digest.sha256(MANIFEST.getBytes(StandardCharsets.UTF_8)).toString();

  @TempDir Path directory;

  private Controller start() throws IOException {
    return Controller.start(ControllerConfig.defaults(directory).withPort(0));
  }

  private static HttpResponse<InputStream> send(
      ApiClient admin, String method, String path, String body) throws IOException {
    return admin.raw(
        method,
        path,
        Map.of("Content-Type", "application/vnd.oci.image.manifest.v1+json"),
        BodyPublishers.ofString(body));
  }

  private static int status(ApiClient admin, String method, String path, String body)
      throws IOException {
    HttpResponse<InputStream> answer = send(admin, method, path, body);
    answer.body().readAllBytes();
    return answer.statusCode();
  }

  /// Pushes and deletes in repositories that come and go under every reader.
  private static void churn(ApiClient admin, int writer, AtomicBoolean enough) throws IOException {
    for (int i = 0; !enough.get(); i++) {
      String repository = "/v2/race/w" + writer + "-" + i;
      assertEquals(201, status(admin, "PUT", repository + "/manifests/latest", MANIFEST));
      assertEquals(202, status(admin, "DELETE", repository + "/manifests/" + DIGEST, ""));
      int shared = status(admin, "PUT", "/v2/race/shared/manifests/v" + writer, MANIFEST);
      assertEquals(201, shared);
      int gone = status(admin, "DELETE", "/v2/race/shared/manifests/v" + writer, "");
      assertTrue(gone == 202 || gone == 404, "deleting a tag: " + gone);
      int all = status(admin, "DELETE", "/v2/race/shared/manifests/" + DIGEST, "");
      assertTrue(all == 202 || all == 404, "deleting a manifest: " + all);
    }
  }

  @Test
  void catalogTagsAndBackupNeverFailWhileOthersPushAndDelete() throws Exception {
    try (Controller controller = start();
        ApiClient admin = ApiClient.fromKubeconfig(controller.adminKubeconfig());
        ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
      AtomicBoolean enough = new AtomicBoolean();
      List<Future<?>> running = new ArrayList<>();
      for (int w = 0; w < 3; w++) {
        int writer = w;
        running.add(
            writers.submit(
                () -> {
                  churn(admin, writer, enough);
                  return null;
                }));
      }
      try {
        for (int i = 0; i < 24; i++) {
          look(admin);
          if (i % 8 == 0) {
            // A backup that breaks off has no end: reading all of it is the check.
            assertEquals(200, status(admin, "GET", "/apis/berth.dev/v1alpha1/backup", ""));
          }
        }
      } finally {
        enough.set(true);
      }
      for (Future<?> writer : running) {
        writer.get();
      }
    }
  }

  private static void look(ApiClient admin) throws IOException {
    assertEquals(200, status(admin, "GET", "/v2/_catalog", ""));
    for (String path : List.of("tags/list", "manifests/v0", "referrers/" + DIGEST)) {
      int found = status(admin, "GET", "/v2/race/shared/" + path, "");
      assertTrue(found == 200 || found == 404, path + ": " + found);
    }
  }

  private static String begin(ApiClient admin) throws IOException {
    HttpResponse<InputStream> answer = send(admin, "POST", "/v2/default/a/blobs/uploads/", "");
    assertEquals(202, answer.statusCode());
    String location = answer.headers().firstValue("Location").orElseThrow();
    assertEquals(202, status(admin, "PATCH", location, "half"));
    return location;
  }

  private Path file(String location) {
    return directory.resolve("registry/uploads").resolve(Path.of(location).getFileName());
  }

  @Test
  void anAbandonedUploadIsCancelledAtAStartAndAYoungOneGoesOn() throws Exception {
    String abandoned;
    String young;
    try (Controller controller = start();
        ApiClient admin = ApiClient.fromKubeconfig(controller.adminKubeconfig())) {
      abandoned = begin(admin);
      young = begin(admin);
    }
    Files.setLastModifiedTime(
        file(abandoned), FileTime.from(Instant.now().minus(Duration.ofHours(2))));
    try (Controller controller = start();
        ApiClient admin = ApiClient.fromKubeconfig(controller.adminKubeconfig())) {
      assertTrue(Waiting.until(() -> !Files.exists(file(abandoned))), "it is still there");
      assertEquals(404, status(admin, "PATCH", abandoned, "more"));
      assertEquals(202, status(admin, "PATCH", young, " and half"));
      String digest = Digest.sha256("half and half".getBytes(StandardCharsets.UTF_8)).toString();
      assertEquals(201, status(admin, "PUT", young + "?digest=" + digest, ""));
    }
  }
}
