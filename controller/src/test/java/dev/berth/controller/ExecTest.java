package dev.berth.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.client.ApiClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/// Exec and port-forward as clients do it, through the API server and the tunnel to an agent and
/// back.
class ExecTest {
  @TempDir static Path dataDir;
  private static Controller controller;
  private static ApiClient admin;
  private static ApiClient agent;
  private static HttpClient http;
  private static FakeAgent tunnel;

  @BeforeAll
  static void start() throws Exception {
    controller = Controller.start(ControllerConfig.defaults(dataDir).withPort(0));
    admin = ApiClient.fromKubeconfig(controller.adminKubeconfig());
    agent = ApiClient.fromKubeconfig(controller.agentKubeconfig());
    http = HttpClient.newBuilder().sslContext(admin.sslContext()).build();
    tunnel = new FakeAgent(agent, controller.nodeName());
    ObjectNode pod =
        Json.parseObject(
            "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"a\",\"namespace\":"
                + "\"default\"},\"spec\":{\"containers\":[{\"name\":\"a\",\"image\":\"a:1\"}]}}");
    Json.ensure(pod, "spec").put("nodeName", controller.nodeName());
    admin.create(Kinds.POD, pod);
  }

  @AfterAll
  static void stop() {
    tunnel.close();
    http.close();
    agent.close();
    admin.close();
    controller.close();
  }

  private static final class Client implements WebSocket.Listener {
    final BlockingQueue<String> messages = new LinkedBlockingQueue<>();

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      byte channel = data.get();
      messages.add(channel + ":" + StandardCharsets.UTF_8.decode(data));
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      messages.add("closed " + code);
      return null;
    }

    String next() throws InterruptedException {
      return String.valueOf(messages.poll(20, TimeUnit.SECONDS));
    }
  }

  private static WebSocket exec(Client client, String container, String protocol) {
    String path = "/api/v1/namespaces/default/pods/a/exec?command=cat&stdin=true&stdout=true";
    return http.newWebSocketBuilder()
        .subprotocols(protocol)
        .buildAsync(
            URI.create("wss://127.0.0.1:" + controller.port() + path + "&container=" + container),
            client)
        .join();
  }

  private static void send(WebSocket socket, int channel, byte... bytes) {
    ByteBuffer message = ByteBuffer.allocate(bytes.length + 1);
    message.put((byte) channel).put(bytes).flip();
    socket.sendBinary(message, true).join();
  }

  @Test
  void bothDirectionsAndTheEndArriveOnTheirChannels() throws Exception {
    Client client = new Client();
    WebSocket socket = exec(client, "a", "v5.channel.k8s.io");
    assertEquals("v5.channel.k8s.io", socket.getSubprotocol());
    assertEquals("1:hello\n", client.next());
    send(socket, 0, "x".getBytes(StandardCharsets.UTF_8));
    assertEquals("1:x", client.next());
    send(socket, 255, (byte) 0);
    assertEquals("3:{\"status\":\"Success\"}", client.next());
    assertEquals("closed 1000", client.next());
  }

  @Test
  void olderClientsGetTheirProtocol() throws Exception {
    Client client = new Client();
    WebSocket socket = exec(client, "a", "v4.channel.k8s.io");
    assertEquals("v4.channel.k8s.io", socket.getSubprotocol());
    assertEquals("1:hello\n", client.next());
    socket.abort();
  }

  @Test
  void whatTheAgentRefusesIsRefusedBeforeTheUpgrade() {
    CompletionException refused =
        assertThrows(CompletionException.class, () -> exec(new Client(), "b", "v5.channel.k8s.io"));
    assertTrue(refused.getCause() instanceof WebSocketHandshakeException, refused.toString());
    int status = ((WebSocketHandshakeException) refused.getCause()).getResponse().statusCode();
    assertEquals(404, status);
  }

  private static SpdyClient spdy(String path, String protocol) throws Exception {
    return new SpdyClient(admin, "/api/v1/namespaces/default/pods/a/" + path, protocol);
  }

  @Test
  void overSpdyEachThingHasAStreamAndTheStatusComesLast() throws Exception {
    String query = "exec?command=cat&container=a&stdin=true&stdout=true&stderr=true";
    try (SpdyClient client = spdy(query, "v4.channel.k8s.io")) {
      assertTrue(client.head().startsWith("HTTP/1.1 101"), client.head());
      assertTrue(client.head().contains("v4.channel.k8s.io"), client.head());
      int error = client.open(Map.of("streamtype", "error"));
      int stdin = client.open(Map.of("streamtype", "stdin"));
      int stdout = client.open(Map.of("streamtype", "stdout"));
      int stderr = client.open(Map.of("streamtype", "stderr"));
      assertEquals("hello\n", client.receive(stdout));
      client.ping();
      client.send(stdin, "x".repeat(200_000));
      assertEquals("x".repeat(200_000), client.receive(stdout, 200_000));
      client.end(stdin);
      assertEquals("{\"status\":\"Success\"}", client.receive(error));
      assertEquals("", client.receive(stdout), "ended");
      assertEquals("", client.receive(stderr), "ended");
    }
  }

  @Test
  void whatTheAgentRefusesIsRefusedBeforeTheUpgradeToSpdyToo() throws Exception {
    try (SpdyClient client = spdy("exec?command=cat&container=b", "v4.channel.k8s.io")) {
      assertTrue(client.head().startsWith("HTTP/1.1 404"), client.head());
    }
    try (SpdyClient client = spdy("exec?command=cat&container=a", "v1.channel.k8s.io")) {
      assertTrue(client.head().startsWith("HTTP/1.1 403"), client.head());
    }
  }

  @Test
  void eachForwardedConnectionIsAPairOfStreamsAndFailsAlone() throws Exception {
    try (SpdyClient client = spdy("portforward", "portforward.k8s.io")) {
      assertTrue(client.head().startsWith("HTTP/1.1 101"), client.head());
      int refused = client.open(pair("error", 80, 0));
      client.open(pair("data", 80, 0));
      assertEquals(
          "error forwarding port 80 to pod a: connection refused", client.receive(refused));
      int error = client.open(pair("error", 7, 1));
      int data = client.open(pair("data", 7, 1));
      client.send(data, "ping");
      assertEquals("ping", client.receive(data));
      client.end(data);
      assertEquals("", client.receive(data), "the far end has ended too");
      assertEquals("", client.receive(error), "without an error");
    }
  }

  @Test
  void anUploadThatNobodyTakesHoldsNoOtherConnection() throws Exception {
    try (SpdyClient client = spdy("portforward", "portforward.k8s.io")) {
      int error = client.open(pair("error", 9, 0));
      int data = client.open(pair("data", 9, 0));
      for (int i = 0; i < 32; i++) {
        client.send(data, "x".repeat(32 * 1024));
      }
      assertEquals("", client.receive(data), "the far end has ended");
      assertEquals("", client.receive(error), "without an error");
      client.open(pair("error", 7, 1));
      int other = client.open(pair("data", 7, 1));
      client.send(other, "ping");
      assertEquals("ping", client.receive(other));
    }
  }

  @Test
  void aMessageWithoutEndIsNotKept() throws Exception {
    Client client = new Client();
    WebSocket socket = exec(client, "a", "v5.channel.k8s.io");
    assertEquals("1:hello\n", client.next());
    try {
      for (int i = 0; i < 40; i++) {
        socket.sendBinary(ByteBuffer.allocate(256 * 1024), false).get(20, TimeUnit.SECONDS);
      }
    } catch (ExecutionException e) {
      // The server has closed already.
    }
    assertEquals("closed 1009", client.next());
  }

  private static Map<String, String> pair(String type, int port, int request) {
    return Map.of("streamtype", type, "port", Integer.toString(port), "requestid", "" + request);
  }

  @Test
  void clientsOutsideOfGoForwardPortsOverChannels() throws Exception {
    Client client = new Client();
    String path = "/api/v1/namespaces/default/pods/a/portforward?ports=7&ports=80";
    WebSocket socket =
        http.newWebSocketBuilder()
            .subprotocols("v4.channel.k8s.io")
            .buildAsync(URI.create("wss://127.0.0.1:" + controller.port() + path), client)
            .join();
    assertEquals("0:\u0007\u0000", client.next());
    assertEquals("1:\u0007\u0000", client.next());
    assertEquals("2:P\u0000", client.next());
    assertEquals("3:P\u0000", client.next());
    assertEquals("3:error forwarding port 80 to pod a: connection refused", client.next());
    send(socket, 0, "ping".getBytes(StandardCharsets.UTF_8));
    assertEquals("0:ping", client.next());
    socket.abort();
  }
}
