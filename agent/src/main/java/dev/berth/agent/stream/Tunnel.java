package dev.berth.agent.stream;

import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.client.ApiClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// A WebSocket to the API server that carries many requests to this agent. It dials again whenever
/// the connection is lost.
///
/// ```
/// API -> agent  OPEN {method, path, headers}   DATA*  END     CREDIT   RESET
/// agent -> API  HEAD {status, headers}         DATA*  END     CREDIT   RESET
/// ```
///
/// A frame is one binary message: a byte of type, four of stream, the payload. Streams are numbered
/// by the API.
public final class Tunnel implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Tunnel.class);
  private static final long PING_SECONDS = 15;
  private static final long FIRST_RETRY_MILLIS = 100;
  private static final long LAST_RETRY_MILLIS = 5000;
  private static final long SEND_SECONDS = 30;

  private final ApiClient api;
  private final String path;
  private final List<Route> routes;
  private final Map<Integer, TunnelStream> streams = new ConcurrentHashMap<>();
  private final ReentrantLock sending = new ReentrantLock();
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread;
  private volatile @Nullable WebSocket socket;

  public Tunnel(ApiClient api, String node, List<Route> routes) {
    this.api = api;
    this.path = "/apis/berth.dev/v1alpha1/nodes/" + node + "/tunnel";
    this.routes = List.copyOf(routes);
    this.thread = Thread.ofVirtual().name("tunnel").start(this::run);
  }

  private void run() {
    long retry = FIRST_RETRY_MILLIS;
    try {
      while (stop.getCount() > 0) {
        CompletableFuture<Void> lost = new CompletableFuture<>();
        try {
          socket = api.webSocket(path, new Listener(lost));
          retry = FIRST_RETRY_MILLIS;
          log.atInfo().log("tunnel to the API server is open");
          ping(lost);
        } catch (ApiException e) {
          log.atDebug().addKeyValue("error", e.getMessage()).log("no tunnel yet");
        }
        socket = null;
        streams.values().forEach(TunnelStream::reset);
        streams.clear();
        stop.await(retry, TimeUnit.MILLISECONDS);
        retry = Math.min(retry * 2, LAST_RETRY_MILLIS);
      }
    } catch (InterruptedException e) {
      log.atDebug().log("tunnel ends");
    }
  }

  /// Returns when the connection is lost; a ping that cannot be sent counts as that.
  private void ping(CompletableFuture<Void> lost) throws InterruptedException {
    while (!lost.isDone()) {
      try {
        lost.get(PING_SECONDS, TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        try {
          exclusively(s -> s.sendPing(ByteBuffer.allocate(0)));
        } catch (IOException failed) {
          lost.complete(null);
        }
      } catch (java.util.concurrent.ExecutionException e) {
        log.atDebug().setCause(e).log("tunnel");
      }
    }
  }

  private interface Sending {
    CompletableFuture<WebSocket> on(WebSocket socket);
  }

  void send(ByteBuffer frame) throws IOException {
    exclusively(s -> s.sendBinary(frame, true));
  }

  /// The JDK's WebSocket takes one message at a time.
  private void exclusively(Sending action) throws IOException {
    WebSocket to = socket;
    if (to == null) {
      throw new IOException("the tunnel is down");
    }
    sending.lock();
    try {
      action.on(to).orTimeout(SEND_SECONDS, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      to.abort();
      throw new IOException("the tunnel broke", e);
    } finally {
      sending.unlock();
    }
  }

  private void received(Frame frame) {
    if (frame.type() == Frame.Type.OPEN) {
      TunnelStream stream = new TunnelStream(frame.stream(), this);
      streams.put(frame.stream(), stream);
      String open = frame.text();
      Thread.ofVirtual().name("tunnel-request").start(() -> serve(frame.stream(), stream, open));
      return;
    }
    TunnelStream stream = streams.get(frame.stream());
    if (stream == null) {
      return; // its answer was complete before this arrived
    }
    switch (frame.type()) {
      case DATA -> stream.data(frame.bytes());
      case END -> stream.ended();
      case RESET -> stream.reset();
      case CREDIT -> stream.credit(frame.payload().duplicate().getInt());
      case OPEN, HEAD ->
          log.atDebug().addKeyValue("type", frame.type()).log("frame in the wrong direction");
    }
  }

  private void serve(int id, TunnelStream stream, String open) {
    try {
      Route.Request request = request(Json.parse(open), stream);
      Optional<Route.Handler> handler =
          routes.stream().flatMap(r -> r.match(request).stream()).findFirst();
      if (handler.isPresent()) {
        handler.get().serve(stream);
      } else {
        stream.text(
            404,
            "the agent has no "
                + request.method()
                + " /"
                + String.join("/", request.path())
                + "\n");
      }
      stream.end();
    } catch (IOException e) {
      log.atDebug().setCause(e).log("tunnel request ended early");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.atWarn().setCause(e).log("tunnel request failed");
      fail(
          stream,
          String.valueOf(e.getMessage()),
          e instanceof IllegalArgumentException || e instanceof JacksonException ? 400 : 500);
    } finally {
      streams.remove(id, stream);
    }
  }

  private static void fail(TunnelStream stream, String message, int status) {
    try {
      if (stream.headed()) {
        stream.abort(message);
      } else {
        stream.text(status, message + "\n");
        stream.end();
      }
    } catch (IOException e) {
      log.atDebug().setCause(e).log("nobody to tell");
    }
  }

  private static Route.Request request(JsonNode open, TunnelStream stream) {
    String target = Json.text(open, "path");
    int mark = target.indexOf('?');
    String plain = mark < 0 ? target : target.substring(0, mark);
    List<String> parts =
        Arrays.stream(plain.split("/", -1)).filter(p -> !p.isEmpty()).map(Tunnel::decode).toList();
    List<Map.Entry<String, String>> parameters =
        parameters(mark < 0 ? "" : target.substring(mark + 1));
    Map<String, String> query = new TreeMap<>();
    parameters.forEach(p -> query.put(p.getKey(), p.getValue()));
    Map<String, String> headers = new TreeMap<>();
    open.path("headers")
        .propertyStream()
        .forEach(h -> headers.put(h.getKey().toLowerCase(Locale.ROOT), h.getValue().asString("")));
    return new Route.Request(
        open.path("method").asString("GET"), parts, query, parameters, headers, stream.body());
  }

  private static List<Map.Entry<String, String>> parameters(String query) {
    return Arrays.stream(query.split("&", -1))
        .filter(pair -> !pair.isEmpty())
        .map(
            pair -> {
              int equals = pair.indexOf('=');
              return Map.entry(
                  decode(equals < 0 ? pair : pair.substring(0, equals)),
                  equals < 0 ? "" : decode(pair.substring(equals + 1)));
            })
        .toList();
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  /// Puts messages together and hands them on, in order.
  private final class Listener implements WebSocket.Listener {
    private final CompletableFuture<Void> lost;
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();

    Listener(CompletableFuture<Void> lost) {
      this.lost = lost;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
      byte[] bytes = new byte[data.remaining()];
      data.get(bytes);
      message.writeBytes(bytes);
      if (last) {
        Frame.parse(ByteBuffer.wrap(message.toByteArray())).ifPresent(Tunnel.this::received);
        message.reset();
      }
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      lost.complete(null);
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      lost.complete(null);
    }
  }

  @Override
  public void close() {
    stop.countDown();
    WebSocket open = socket;
    if (open != null) {
      open.abort();
    }
    streams.values().forEach(TunnelStream::reset); // who is spoken to hangs up
    thread.interrupt();
  }
}
