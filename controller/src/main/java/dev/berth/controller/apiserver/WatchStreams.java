package dev.berth.controller.apiserver;

import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.api.ResourceType;
import dev.berth.controller.http.HttpExchange;
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
      try (OutputStream out =
          exchange.stream(
              200,
              Map.of("Content-Type", "application/json", "Cache-Control", "no-cache, private"))) {
        stream.run(feed, out);
      }
    } finally {
      open.remove(stream);
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
          }
          out.flush();
          pause();
        }
        if (!stopped.get()) {
          bookmark(out, feed, false);
        }
      } catch (ApiException e) {
        line(out, "ERROR", Json.bytes(e.error().toStatus()));
      }
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
        line(out, event.type().name(), form(event));
      }
    }

    private byte[] form(WatchEvent event) {
      ObjectNode tree = event.object().tree();
      return switch (request.form()) {
        case OBJECT -> event.object().bytes();
        case METADATA -> Json.bytes(Tables.metadata(tree));
        case TABLE ->
            Json.bytes(
                Tables.table(
                    type,
                    List.of(tree),
                    listMeta(event.object().revision()),
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
      line(out, "BOOKMARK", Json.bytes(object));
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

    private void line(OutputStream out, String event, byte[] object) throws IOException {
      out.write(Bodies.utf8("{\"type\":\"" + event + "\",\"object\":"));
      out.write(object);
      out.write('}');
      out.write('\n');
    }
  }
}
