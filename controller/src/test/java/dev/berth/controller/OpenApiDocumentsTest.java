package dev.berth.controller;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.schema.KindSchema;
import dev.berth.api.schema.OpenApiV2;
import dev.berth.api.schema.Schemas;
import dev.berth.client.ApiClient;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// OpenAPI as clients of every age ask for it.
class OpenApiDocumentsTest {
  private static final String OLD_CLIENT =
      "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";

  @TempDir Path directory;

  private static HttpResponse<InputStream> get(ApiClient admin, Map<String, String> headers)
      throws Exception {
    return admin.raw("GET", "/openapi/v2", headers, BodyPublishers.noBody());
  }

  @Test
  void versionTwoIsProtobufForWhoAsksForItAndHasATag() throws Exception {
    try (Controller controller =
            Controller.start(ControllerConfig.defaults(directory).withPort(0));
        ApiClient admin = ApiClient.fromKubeconfig(controller.adminKubeconfig())) {
      var answer = get(admin, Map.of("Accept", OLD_CLIENT));
      assertEquals(
          "application/com.github.proto-openapi.spec.v2.v1.0+protobuf",
          answer.headers().firstValue("Content-Type").orElse(""));
      List<KindSchema> served = new ArrayList<>(Schemas.all());
      Kinds.otherVersions().forEach(type -> served.add(Schemas.of(type)));
      Kinds.measured().forEach(type -> served.add(Schemas.of(type)));
      assertArrayEquals(
          OpenApiV2.protobuf(OpenApiV2.document(served)), answer.body().readAllBytes());
      String tag = answer.headers().firstValue("ETag").orElseThrow();
      var again = get(admin, Map.of("Accept", OLD_CLIENT, "If-None-Match", tag));
      assertEquals(304, again.statusCode());
      var json = get(admin, Map.of("Accept", "application/json"));
      assertEquals("2.0", Json.text(Json.parse(json.body().readAllBytes()), "swagger"));
    }
  }
}
