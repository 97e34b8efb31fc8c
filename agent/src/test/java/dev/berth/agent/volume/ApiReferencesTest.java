package dev.berth.agent.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.berth.api.ApiException;
import dev.berth.api.FieldSelector;
import dev.berth.api.Json;
import dev.berth.api.Quantity;
import dev.berth.client.ApiClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiReferencesTest {
  @TempDir Path dir;

  /// What a pod names may be no name at all: nobody has checked it.
  @ParameterizedTest
  @ValueSource(strings = {"web", "db,creds", "a=b", "a,b=c", "back\\slash", "", ","})
  void whateverNameIsFollowedAsItIs(String name) {
    FieldSelector selector = ApiReferences.named(name);
    var object = Json.object();
    object.putObject("metadata").put("name", name);
    assertTrue(selector.matches(object));
    assertEquals(selector, FieldSelector.parse(selector.toString()));
  }

  /// Answers each request with this Status.
  private static HttpServer refusing(int code, String status) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/api/v1/namespaces/shop/serviceaccounts/web/token",
        exchange -> {
          byte[] body = status.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("content-type", "application/json");
          exchange.sendResponseHeaders(code, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    return server;
  }

  private ApiClient client(HttpServer server) throws IOException {
    return ApiClient.fromKubeconfig(
        Files.writeString(
            dir.resolve("kubeconfig"),
            """
            apiVersion: v1
            kind: Config
            current-context: c
            contexts: [{name: c, context: {cluster: c, user: c}}]
            clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
            users: [{name: c, user: {}}]
            """
                .formatted(server.getAddress().getPort())));
  }

  @Test
  void whyThereIsNoTokenIsSaidInTheServersWords() throws IOException {
    HttpServer server =
        refusing(
            403,
            """
            {"kind": "Status", "status": "Failure", "reason": "Forbidden", "code": 403,
             "message": "the pod is not on this node"}""");
    try (ApiClient client = client(server);
        ApiReferences references = new ApiReferences(client, _ -> Quantity.ZERO, List::of)) {
      References.TokenWish wish =
          new References.TokenWish("shop", "web", "web-1", "u", List.of(), 3600);
      MissingReferenceException e =
          assertThrows(MissingReferenceException.class, () -> references.token(wish));
      assertEquals(
          "no token of service account shop/web: the pod is not on this node", e.getMessage());
      assertInstanceOf(ApiException.class, e.getCause());
    } finally {
      server.stop(0);
    }
  }

  @Test
  void noOther() {
    var object = Json.object();
    object.putObject("metadata").put("name", "db");
    assertFalse(ApiReferences.named("db,creds").matches(object));
  }
}
