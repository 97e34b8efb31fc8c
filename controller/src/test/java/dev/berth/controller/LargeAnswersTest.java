package dev.berth.controller;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.client.ApiClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.node.ObjectNode;

/// Answers of many megabytes, several at a time on one connection, over both versions of HTTP.
class LargeAnswersTest {
  private static final int OBJECTS = 6;
  private static final int OBJECT_BYTES = 1 << 20;

  @TempDir Path dataDir;

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void severalAtOnceAllArriveWhole(HttpClient.Version version) throws Exception {
    try (Controller controller =
            Controller.start(ControllerConfig.defaults(dataDir).withPort(0).withAudit(false));
        ApiClient admin = ApiClient.fromKubeconfig(controller.adminKubeconfig());
        HttpClient client =
            HttpClient.newBuilder()
                .version(version)
                .sslContext(Anonymous.trustingAnything())
                .build()) {
      for (int i = 0; i < OBJECTS; i++) {
        admin.create(Kinds.CONFIG_MAP, large("large-" + i));
      }
      HttpRequest list =
          HttpRequest.newBuilder(
                  URI.create(
                      "https://127.0.0.1:"
                          + controller.port()
                          + "/api/v1/namespaces/default/configmaps"))
              .header(
                  "Authorization",
                  "Bearer " + Files.readString(dataDir.resolve("pki/admin.token")).strip())
              .build();
      List<CompletableFuture<HttpResponse<byte[]>>> asked =
          Stream.generate(() -> client.sendAsync(list, BodyHandlers.ofByteArray()))
              .limit(4)
              .toList();
      for (CompletableFuture<HttpResponse<byte[]>> answer : asked) {
        byte[] body = answer.get(60, TimeUnit.SECONDS).body();
        assertTrue(body.length > OBJECTS * OBJECT_BYTES);
        assertTrue(Json.parse(body).path("items").size() >= OBJECTS);
      }
    }
  }

  private static ObjectNode large(String name) {
    ObjectNode object = Json.object().put("apiVersion", "v1").put("kind", "ConfigMap");
    Json.meta(object).put("name", name).put("namespace", "default");
    object.putObject("data").put("value", "x".repeat(OBJECT_BYTES));
    return object;
  }
}
