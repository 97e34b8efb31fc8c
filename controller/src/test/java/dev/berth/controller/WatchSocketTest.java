package dev.berth.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.client.ApiClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/// Watches over WebSockets, as fabric8's clients begin them.
class WatchSocketTest {
  private static final String PATH =
      "/api/v1/namespaces/default/configmaps?watch=true&fieldSelector=metadata.name%3D";

  @TempDir Path dataDir;

  /// The messages, whole again, and an empty object when the server has closed.
  private static final class Listener implements WebSocket.Listener {
    private final BlockingQueue<ObjectNode> events = new LinkedBlockingQueue<>();
    private final StringBuilder message = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      message.append(data);
      if (last) {
        events.add(Json.parseObject(message.toString()));
        message.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      events.add(Json.object());
      return null;
    }

    ObjectNode next() throws InterruptedException {
      ObjectNode event = events.poll(20, TimeUnit.SECONDS);
      return event == null ? Json.object().put("type", "nothing came") : event;
    }
  }

  private static ObjectNode configMap(String name, String text) {
    ObjectNode object = Json.object().put("apiVersion", "v1").put("kind", "ConfigMap");
    object.putObject("metadata").put("name", name).put("namespace", "default");
    object.putObject("data").put("text", text);
    return object;
  }

  @Test
  void eachEventIsAMessageAndTheEndIsAClose() throws Exception {
    try (Controller controller = Controller.start(ControllerConfig.defaults(dataDir).withPort(0));
        ApiClient admin = ApiClient.fromKubeconfig(controller.adminKubeconfig())) {
      ObjectNode made = admin.create(Kinds.CONFIG_MAP, configMap("a", "small"));
      Listener listener = new Listener();
      WebSocket socket = admin.webSocket(PATH + "a", listener);
      ObjectNode added = listener.next();
      assertEquals("ADDED", Json.text(added, "type"));
      assertEquals(made, added.path("object"));

      String large = "\u00e4\u20ac".repeat(40_000);
      admin.replace(Kinds.CONFIG_MAP, configMap("a", large));
      ObjectNode modified = listener.next();
      assertEquals("MODIFIED", Json.text(modified, "type"));
      assertEquals(large, Json.text(modified, "object", "data", "text"));

      socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
      assertEquals(Json.object(), listener.next());
    }
  }

  @Test
  void aWatchThatIsOverIsClosed() throws Exception {
    try (Controller controller = Controller.start(ControllerConfig.defaults(dataDir).withPort(0));
        ApiClient admin = ApiClient.fromKubeconfig(controller.adminKubeconfig())) {
      Listener listener = new Listener();
      admin.webSocket(PATH + "nobody&timeoutSeconds=1", listener);
      assertEquals(Json.object(), listener.next());
    }
  }

  /// A refused handshake would be "not there yet" for such clients: they would never list anew.
  @Test
  void aRevisionThatIsHeldNoMoreIsAnEventAndThenTheEnd() throws Exception {
    ControllerConfig config = ControllerConfig.defaults(dataDir).withPort(0);
    String revision;
    try (Controller controller = Controller.start(config);
        ApiClient admin = ApiClient.fromKubeconfig(controller.adminKubeconfig())) {
      revision = Json.resourceVersion(admin.create(Kinds.CONFIG_MAP, configMap("a", "old")));
      admin.replace(Kinds.CONFIG_MAP, configMap("a", "new"));
    }
    try (Controller controller = Controller.start(config);
        ApiClient admin = ApiClient.fromKubeconfig(controller.adminKubeconfig())) {
      Listener listener = new Listener();
      admin.webSocket(PATH + "a&resourceVersion=" + revision, listener);
      ObjectNode error = listener.next();
      assertEquals("ERROR", Json.text(error, "type"));
      assertEquals(410, Json.at(error, "object", "code").asInt());
      assertEquals("Expired", Json.text(error, "object", "reason"));
      assertEquals(Json.object(), listener.next());
    }
  }
}
