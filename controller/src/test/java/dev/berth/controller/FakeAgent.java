package dev.berth.controller;

import dev.berth.api.Json;
import dev.berth.client.ApiClient;
import java.io.ByteArrayOutputStream;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The far end of a node's tunnel: answers each exec with a greeting, sends back what it gets on
/// stdin, and ends with success when stdin is closed. `/stats` is what [#stats] says, which is
/// nothing at first. Behind port 7 of a pod is an echo, behind port 9 something that hangs up at
/// once and reads nothing, behind all others nothing.
final class FakeAgent implements WebSocket.Listener, AutoCloseable {
  private static final int OPEN = 1;
  private static final int DATA = 2;
  private static final int END = 3;
  private static final int HEAD = 4;

  private final ByteArrayOutputStream message = new ByteArrayOutputStream();
  private final WebSocket socket;
  private final Set<Integer> echoes = new HashSet<>();

  volatile Supplier<String> stats = () -> "";

  FakeAgent(ApiClient agent, String node) {
    this.socket = agent.webSocket("/apis/berth.dev/v1alpha1/nodes/" + node + "/tunnel", this);
  }

  @Override
  public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
    byte[] part = new byte[data.remaining()];
    data.get(part);
    message.writeBytes(part);
    if (last) {
      ByteBuffer frame = ByteBuffer.wrap(message.toByteArray());
      message.reset();
      receive(from, frame.get(), frame.getInt(), frame);
    }
    from.request(1);
    return null;
  }

  private void receive(WebSocket to, int type, int stream, ByteBuffer payload) {
    byte[] bytes = new byte[payload.remaining()];
    payload.get(bytes);
    if (type == OPEN && Json.text(Json.parse(bytes), "path").equals("/stats")) {
      send(to, HEAD, stream, text("{\"status\":200}"));
      send(to, DATA, stream, text(stats.get()));
      send(to, END, stream, new byte[0]);
    } else if (type == OPEN && Json.text(Json.parse(bytes), "path").contains("/portforward?")) {
      connect(to, stream, Json.text(Json.parse(bytes), "path"));
    } else if (echoes.contains(stream)) {
      if (type == DATA || type == END) {
        send(to, type, stream, bytes);
      }
    } else if (type == OPEN) {
      JsonNode request = Json.parse(bytes);
      boolean known = Json.text(request, "path").contains("container=a");
      send(to, HEAD, stream, text(known ? "{\"status\":200}" : "{\"status\":404}"));
      send(to, DATA, stream, known ? record(1, text("hello\n")) : text("no such container"));
      if (!known) {
        send(to, END, stream, new byte[0]);
      }
    } else if (type == DATA && bytes[0] == (byte) 255) {
      send(to, DATA, stream, record(3, text("{\"status\":\"Success\"}")));
      send(to, END, stream, new byte[0]);
    } else if (type == DATA && bytes[0] == 0) {
      bytes[0] = 1;
      send(to, DATA, stream, bytes);
    }
  }

  private void connect(WebSocket to, int stream, String path) {
    boolean listening = path.endsWith("?port=7") || path.endsWith("?port=9");
    send(to, HEAD, stream, text(listening ? "{\"status\":200}" : "{\"status\":502}"));
    if (path.endsWith("?port=9")) {
      send(to, END, stream, new byte[0]);
    } else if (listening) {
      echoes.add(stream);
    } else {
      send(to, DATA, stream, text("connection refused"));
      send(to, END, stream, new byte[0]);
    }
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] record(int channel, byte[] payload) {
    return ByteBuffer.allocate(5 + payload.length)
        .put((byte) channel)
        .putInt(payload.length)
        .put(payload)
        .array();
  }

  private static void send(WebSocket to, int type, int stream, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(5 + payload.length);
    frame.put((byte) type).putInt(stream).put(payload).flip();
    to.sendBinary(frame, true).join();
  }

  @Override
  public void close() {
    socket.abort();
  }
}
