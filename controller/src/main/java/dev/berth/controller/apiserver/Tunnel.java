package dev.berth.controller.apiserver;

import dev.berth.api.Json;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// The connection that one agent holds open, and the requests that ride on it. Frames arrive on the
/// event loop; streams are used by the threads of the requests that they carry.
final class Tunnel implements TunnelStream.Line {
  private static final Logger LOG = LoggerFactory.getLogger(Tunnel.class);

  private static final int MOST_UNANSWERED = 2;

  private final String node;
  private final ServerWebSocket socket;
  private final Context context;
  private final Map<Integer, TunnelStream> streams = new ConcurrentHashMap<>();
  private final AtomicInteger lastStream = new AtomicInteger();
  // On the event loop only.
  private int unanswered;

  Tunnel(String node, ServerWebSocket socket, Context context) {
    this.node = node;
    this.socket = socket;
    this.context = context;
    socket.binaryMessageHandler(this::receive);
    socket.pongHandler(_ -> unanswered = 0);
  }

  @Override
  public String node() {
    return node;
  }

  TunnelStream open(String method, String path, Map<String, String> headers) {
    TunnelStream stream = new TunnelStream(this, lastStream.incrementAndGet());
    streams.put(stream.id(), stream);
    ObjectNode request = Json.object().put("method", method).put("path", path);
    ObjectNode fields = request.putObject("headers");
    headers.forEach(fields::put);
    send(new TunnelFrame(TunnelFrame.OPEN, stream.id(), Json.bytes(request)));
    return stream;
  }

  @Override
  public void send(TunnelFrame frame) {
    context.runOnContext(_ -> socket.writeBinaryMessage(frame.encode()));
  }

  @Override
  public void forget(int stream) {
    streams.remove(stream);
  }

  private void receive(Buffer message) {
    try {
      TunnelFrame frame = TunnelFrame.decode(message);
      TunnelStream stream = streams.get(frame.stream());
      if (stream != null) {
        stream.receive(frame);
      }
    } catch (RuntimeException e) {
      LOG.atWarn()
          .addKeyValue("node", node)
          .setCause(e)
          .log("a broken tunnel message; the tunnel is closed");
      close();
    }
  }

  /// An agent that answered none of the last pings is not there, whatever TCP still hopes for.
  void ping() {
    context.runOnContext(
        _ -> {
          if (unanswered >= MOST_UNANSWERED) {
            LOG.atWarn().addKeyValue("node", node).log("the agent does not answer pings any more");
            socket.close();
          } else {
            unanswered++;
            socket.writePing(Buffer.buffer("berth"));
          }
        });
  }

  /// Every request that rides here learns that the agent has gone.
  void lost() {
    streams.values().forEach(stream -> stream.lost("the connection to node " + node + " was lost"));
    streams.clear();
  }

  void close() {
    context.runOnContext(_ -> socket.close());
  }
}
