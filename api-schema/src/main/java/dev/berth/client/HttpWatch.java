package dev.berth.client;

import dev.berth.api.ApiError;
import dev.berth.api.Json;
import dev.berth.api.ResourceType;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads one watch, a JSON object per line, on a virtual thread. A server that neither sends nor
/// ends is given up a little after the time that it was asked to end at.
final class HttpWatch implements Watch {
  private static final Duration GRACE = Duration.ofSeconds(30);

  private final ResourceType type;
  private final InputStream in;
  private final Consumer<WatchEvent> sink;
  private final CompletableFuture<Optional<ApiError>> end = new CompletableFuture<>();
  private volatile boolean closed;
  private CompletableFuture<Void> giveUp = CompletableFuture.completedFuture(null);

  private HttpWatch(ResourceType type, InputStream in, Consumer<WatchEvent> sink) {
    this.type = type;
    this.in = in;
    this.sink = sink;
  }

  static HttpWatch start(
      ResourceType type, InputStream in, Duration timeout, Consumer<WatchEvent> sink) {
    HttpWatch watch = new HttpWatch(type, in, sink);
    Executor late =
        CompletableFuture.delayedExecutor(
            timeout.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS, Runnable::run);
    watch.giveUp = CompletableFuture.runAsync(watch::close, late);
    Thread.ofVirtual().name("watch-" + type.plural()).start(watch::run);
    return watch;
  }

  private void run() {
    Optional<ApiError> why;
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      why = read(lines);
    } catch (IOException e) {
      why =
          closed
              ? Optional.empty()
              : Optional.of(new ApiError.ServiceUnavailable("watch broke off: " + e.getMessage()));
    } catch (RuntimeException e) {
      why = Optional.of(new ApiError.InternalError("watch handler failed: " + e));
    }
    giveUp.cancel(false);
    end.complete(why);
  }

  private Optional<ApiError> read(BufferedReader lines) throws IOException {
    for (String line = lines.readLine(); line != null && !closed; line = lines.readLine()) {
      Optional<ApiError> error = line.isBlank() ? Optional.empty() : deliver(line);
      if (error.isPresent()) {
        return error;
      }
    }
    return Optional.empty();
  }

  private Optional<ApiError> deliver(String line) {
    JsonNode event;
    try {
      event = Json.parse(line);
    } catch (JacksonException | IllegalArgumentException e) {
      return Optional.of(new ApiError.ServiceUnavailable("watch broke off inside an event"));
    }
    String word = Json.text(event, "type");
    if (word.equals("ERROR") || !(event.path("object") instanceof ObjectNode object)) {
      JsonNode status = event.path("object");
      return Optional.of(ApiError.fromStatus(status.path("code").asInt(500), status));
    }
    Optional<WatchEvent.Type> kind = WatchEvent.Type.of(word);
    if (kind.isEmpty()) {
      return Optional.of(new ApiError.InternalError("watch sent an event of type " + word));
    }
    object.put("apiVersion", type.gvk().apiVersion()).put("kind", type.kind());
    sink.accept(new WatchEvent(kind.get(), object));
    return Optional.empty();
  }

  @Override
  public Optional<ApiError> awaitEnd() throws InterruptedException {
    try {
      return end.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public boolean isOpen() {
    return !end.isDone();
  }

  @Override
  public void close() {
    closed = true;
    try {
      in.close();
    } catch (IOException e) {
      // The stream is being given up; what it says about that is of no use.
      closed = true;
    }
  }
}
