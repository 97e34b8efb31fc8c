package dev.berth.controller.apiserver;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.api.ResourceType;
import dev.berth.controller.http.HttpExchange;
import dev.berth.controller.http.MessageSocket;
import dev.berth.controller.resource.Item;
import dev.berth.controller.resource.ListQuery;
import dev.berth.controller.resource.Resources;
import dev.berth.controller.resource.WatchEvent;
import dev.berth.controller.resource.WatchFeed;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import tools.jackson.databind.node.ObjectNode;

/// Watches as endless answers: one event per line, everything that happened meanwhile in one write.
/// A client that reads slowly costs no memory: its place in the history stands still, and when the
/// history no longer holds it, the stream ends with an `Expired` event.
public final class WatchStreams implements AutoCloseable {
  private static final int BATCH = 500;
  private static final Duration BOOKMARK_EVERY = Duration.ofMinutes(1);
  private static final long SHORTEST_SECONDS = 1800;

  // What stands around each object of each watch.
  private static final byte[] ADDED = beginning("ADDED");
  private static final byte[] MODIFIED = beginning("MODIFIED");
  private static final byte[] DELETED = beginning("DELETED");
  private static final byte[] END = Bodies.utf8("}\n");

  private final Resources resources;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Set<Stream> open = ConcurrentHashMap.newKeySet();

  public WatchStreams(Resources resources, InstantSource clock, RandomGenerator random) {
    this.resources = resources;
    this.clock = clock;
    this.random = random;
  }

  /// What a client asked of its watch.
  record Request(
      ListQuery query,
      boolean bookmarks,
      boolean sendInitialEvents,
      long timeoutSeconds,
      Negotiation form,
      Tables.Include include) {
    boolean wantsPresent() {
      boolean anyRevision =
          query.resourceVersion().isEmpty() || query.resourceVersion().equals("0");
      return sendInitialEvents || anyRevision;
    }
  }

  void serve(HttpExchange exchange, ResourceType type, Request request) throws IOException {
    Stream stream = new Stream(type, request);
    try (WatchFeed feed =
        resources.watch(type, request.query(), request.wantsPresent(), stream.signal::release)) {
      open.add(stream);
      exchange.onGone(stream::stop);
      if (exchange.isWebSocket()) {
        overSocket(exchange, stream, feed);
        return;
      }
      try (OutputStream out =
          exchange.stream(
              200,
              Map.of("Content-Type", "application/json", "Cache-Control", "no-cache, private"))) {
        stream.run(feed, out);
      }
    } catch (ApiException e) {
      if (!(e.error() instanceof ApiError.Expired) || !exchange.isWebSocket()) {
        throw e;
      }
      expired(exchange, stream, e.error());
    } finally {
      open.remove(stream);
    }
  }

  /// A client may take a refused handshake for a server that is not there yet and ask for the same
  /// revision for ever (fabric8 does). As an event, the same answer makes it list anew.
  private static void expired(HttpExchange exchange, Stream stream, ApiError error)
      throws IOException {
    try (MessageSocket socket = exchange.webSocket()) {
      stream.error(new LineMessages(socket), error);
    }
  }

  /// As fabric8's clients and browsers watch: each event is a message. What they send is nothing
  /// but their going.
  private static void overSocket(HttpExchange exchange, Stream stream, WatchFeed feed)
      throws IOException {
    try (MessageSocket socket = exchange.webSocket()) {
      Thread.ofVirtual()
          .name("watch-gone")
          .start(
              () -> {
                while (socket.receive().isPresent()) {
                  // nothing is expected
                }
                stream.stop();
              });
      stream.run(feed, new LineMessages(socket));
    }
  }

  @Override
  public void close() {
    open.forEach(Stream::stop);
  }

  private final class Stream {
    private final ResourceType type;
    private final Request request;
    private final Semaphore signal = new Semaphore(0);
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final Instant deadline;
    private Instant nextBookmark;

    Stream(ResourceType type, Request request) {
      this.type = type;
      this.request = request;
      long seconds =
          request.timeoutSeconds() > 0
              ? request.timeoutSeconds()
              : SHORTEST_SECONDS + random.nextLong(SHORTEST_SECONDS);
      this.deadline = clock.instant().plusSeconds(seconds);
      this.nextBookmark = clock.instant().plus(BOOKMARK_EVERY);
    }

    void stop() {
      stopped.set(true);
      signal.release();
    }

    void run(WatchFeed feed, OutputStream out) throws IOException {
      send(out, feed.initial());
      if (request.sendInitialEvents() && request.bookmarks()) {
        bookmark(out, feed, true);
      }
      out.flush();
      try {
        while (!stopped.get() && clock.instant().isBefore(deadline)) {
          sendAll(out, feed);
          if (!clock.instant().isBefore(nextBookmark)) {
            bookmark(out, feed, false);
            if (!resources.kinds().isServed(type)) {
              return; // its definition has gone: the client learns that when it asks again
            }
          }
          out.flush();
          pause();
        }
        if (!stopped.get()) {
          bookmark(out, feed, false);
        }
      } catch (ApiException e) {
        error(out, e.error());
      }
    }

    void error(OutputStream out, ApiError error) throws IOException {
      line(out, beginning("ERROR"), Json.bytes(error.toStatus()));
      out.flush();
    }

    private void sendAll(OutputStream out, WatchFeed feed) throws IOException {
      List<WatchEvent> events = feed.poll(BATCH);
      while (!events.isEmpty() && !stopped.get()) {
        send(out, events);
        events = feed.poll(BATCH);
      }
    }

    private void pause() throws IOException {
      Instant until = deadline.isBefore(nextBookmark) ? deadline : nextBookmark;
      long millis = Math.max(1, Duration.between(clock.instant(), until).toMillis());
      try {
        if (signal.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
          signal.drainPermits();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("the server is stopping", e);
      }
    }

    private void send(OutputStream out, List<WatchEvent> events) throws IOException {
      for (WatchEvent event : events) {
        line(out, beginning(event.type()), form(event));
      }
    }

    private byte[] form(WatchEvent event) {
      Item object = event.object();
      return switch (request.form()) {
        case OBJECT -> object.bytes();
        case METADATA -> Json.bytes(Tables.metadata(object.tree()));
        case TABLE ->
            Json.bytes(
                Tables.table(
                    resources.kinds().schema(type).columns(),
                    List.of(object.tree()),
                    listMeta(object.revision()),
                    request.include(),
                    clock.instant()));
      };
    }

    private static ObjectNode listMeta(long revision) {
      return Json.object().put("resourceVersion", Long.toString(revision));
    }

    private void bookmark(OutputStream out, WatchFeed feed, boolean initialEnd) throws IOException {
      nextBookmark = clock.instant().plus(BOOKMARK_EVERY);
      if (!request.bookmarks()) {
        return;
      }
      ObjectNode object = bookmarkObject();
      ObjectNode meta = Json.meta(object);
      meta.put("resourceVersion", Long.toString(feed.position()));
      if (initialEnd) {
        meta.putObject("annotations").put("k8s.io/initial-events-end", "true");
      }
      line(out, beginning("BOOKMARK"), Json.bytes(object));
    }

    private ObjectNode bookmarkObject() {
      return switch (request.form()) {
        case OBJECT ->
            Json.object().put("kind", type.kind()).put("apiVersion", type.gvk().apiVersion());
        case METADATA ->
            Json.object().put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
        case TABLE -> Json.object().put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
      };
    }

    private static void line(OutputStream out, byte[] beginning, byte[] object) throws IOException {
      out.write(beginning);
      out.write(object);
      out.write(END);
    }
  }

  private static byte[] beginning(WatchEvent.Type type) {
    return switch (type) {
      case ADDED -> ADDED;
      case MODIFIED -> MODIFIED;
      case DELETED -> DELETED;
    };
  }

  private static byte[] beginning(String event) {
    return Bodies.utf8("{\"type\":\"" + event + "\",\"object\":");
  }
}
