package dev.berth.e2e.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.Json;
import dev.berth.client.ApiClient;
import dev.berth.e2e.Door;
import dev.berth.e2e.TestHost;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Requests to the API of a test host, from this process.
public final class Wire implements AutoCloseable {
  public static final String JSON = "application/json";
  public static final String MERGE = "application/merge-patch+json";

  /// An answer of the API.
  ///
  /// @param body an empty object where there was none
  public record Answer(int code, JsonNode body) {
    public JsonNode ok() {
      assertEquals(2, code / 100, body::toString);
      return body;
    }

    public Answer is(int expected) {
      assertEquals(expected, code, body::toString);
      return this;
    }
  }

  private final Door door;
  private final ApiClient client;

  private Wire(Door door, ApiClient client) {
    this.door = door;
    this.client = client;
  }

  public static Wire to(TestHost host) throws IOException {
    Door door = Door.open(host, 6443);
    String config = Files.readString(host.dataDir().resolve("admin.kubeconfig"));
    Path own =
        host.write("door.kubeconfig", config.replace("127.0.0.1:6443", "127.0.0.1:" + door.port()));
    return new Wire(door, ApiClient.fromKubeconfig(own));
  }

  public Answer call(String method, String path, Map<String, String> headers, String body)
      throws IOException {
    HttpResponse<InputStream> answer =
        client.raw(
            method,
            path,
            headers,
            body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    try (InputStream in = answer.body()) {
      byte[] bytes = in.readAllBytes();
      return new Answer(answer.statusCode(), bytes.length == 0 ? Json.object() : Json.parse(bytes));
    }
  }

  public Answer get(String path) throws IOException {
    return call("GET", path, Map.of(), "");
  }

  public Answer post(String path, ObjectNode object) throws IOException {
    return call("POST", path, Map.of("Content-Type", JSON), object.toString());
  }

  /// Several objects go to paths of their own: one document only.
  public Answer postYaml(String path, String yaml) throws IOException {
    return call("POST", path, Map.of("Content-Type", "application/yaml"), yaml);
  }

  /// What is not JSON, such as a log.
  public String text(String path) throws IOException {
    try (InputStream in = client.raw("GET", path, Map.of(), BodyPublishers.noBody()).body()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  public Answer put(String path, JsonNode object) throws IOException {
    return call("PUT", path, Map.of("Content-Type", JSON), object.toString());
  }

  /// Reads, changes and replaces, as often as somebody else writes in between.
  ///
  /// @return what is there now
  public JsonNode replace(String path, Consumer<ObjectNode> change) throws IOException {
    Answer answer;
    do {
      ObjectNode live = (ObjectNode) get(path).ok();
      change.accept(live);
      answer = put(path, live);
    } while (answer.code() == 409);
    return answer.ok();
  }

  public Answer merge(String path, String patch) throws IOException {
    return call("PATCH", path, Map.of("Content-Type", MERGE), patch);
  }

  public Answer delete(String path) throws IOException {
    return call("DELETE", path, Map.of(), "");
  }

  /// An open stream of a watch; the caller closes it.
  InputStream watch(String path) {
    HttpResponse<InputStream> answer =
        client.raw("GET", path + (path.contains("?") ? "&" : "?") + "watch=true");
    assertEquals(200, answer.statusCode());
    return answer.body();
  }

  /// Skips the test while the kind is not served.
  void assumeServed(String groupVersionPath, String plural) throws IOException {
    Answer list = get(groupVersionPath);
    boolean served =
        list.code() == 200
            && list.body()
                .path("resources")
                .valueStream()
                .anyMatch(r -> r.path("name").asString("").equals(plural));
    Assumptions.assumeTrue(served, plural + " is not served yet");
  }

  @Override
  public void close() throws IOException {
    client.close();
    door.close();
  }
}
