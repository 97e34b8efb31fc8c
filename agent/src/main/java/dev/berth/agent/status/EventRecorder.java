package dev.berth.agent.status;

import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.Times;
import dev.berth.client.ApiClient;
import dev.berth.client.PatchType;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Tells users what happened to an object. Repetitions raise the count of one event. Events are
/// told once and never retried: they explain, they do not decide.
public final class EventRecorder implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EventRecorder.class);
  private static final int REMEMBERED = 1000;

  private final ApiClient api;
  private final String node;
  private final InstantSource clock;
  private final Supplier<String> ids;
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("events").factory());

  /// Only touched by the writer's thread.
  private final Map<String, Known> known =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
          return size() > REMEMBERED;
        }
      };

  private record Known(ObjectKey event, int count) {}

  public EventRecorder(ApiClient api, String node, InstantSource clock, Supplier<String> ids) {
    this.api = api;
    this.node = node;
    this.clock = clock;
    this.ids = ids;
  }

  public void normal(JsonNode about, String reason, String message) {
    record(about, "Normal", reason, message);
  }

  public void warning(JsonNode about, String reason, String message) {
    record(about, "Warning", reason, message);
  }

  private void record(JsonNode about, String type, String reason, String message) {
    try {
      writer.execute(() -> write(about, type, reason, message));
    } catch (java.util.concurrent.RejectedExecutionException e) {
      log.atDebug().addKeyValue("reason", reason).log("event after close");
    }
  }

  private void write(JsonNode about, String type, String reason, String message) {
    String key = Json.uid(about) + reason + message;
    Known seen = known.get(key);
    try {
      if (seen == null) {
        ObjectNode event = event(about, type, reason, message);
        api.create(Kinds.EVENT, event);
        known.put(key, new Known(ObjectKey.of(event), 1));
      } else {
        ObjectNode patch = Json.object().put("count", seen.count() + 1).put("lastTimestamp", now());
        api.patch(Kinds.EVENT, seen.event(), PatchType.MERGE, patch, null);
        known.put(key, new Known(seen.event(), seen.count() + 1));
      }
    } catch (ApiException e) {
      known.remove(key);
      log.atDebug()
          .addKeyValue("reason", reason)
          .addKeyValue("error", e.getMessage())
          .log("event was not written");
    }
  }

  private String now() {
    return Times.format(clock.instant());
  }

  private ObjectNode event(JsonNode about, String type, String reason, String message) {
    ObjectNode event = Json.object().put("apiVersion", "v1").put("kind", "Event");
    event
        .putObject("metadata")
        .put("name", Json.name(about) + "." + ids.get())
        .put("namespace", Json.namespace(about));
    event
        .putObject("involvedObject")
        .put("apiVersion", Json.text(about, "apiVersion"))
        .put("kind", Json.text(about, "kind"))
        .put("namespace", Json.namespace(about))
        .put("name", Json.name(about))
        .put("uid", Json.uid(about));
    event.put("type", type).put("reason", reason).put("message", message).put("count", 1);
    event.put("firstTimestamp", now()).put("lastTimestamp", now());
    event.putObject("source").put("component", "berth-agent").put("host", node);
    event.put("reportingComponent", "berth-agent").put("reportingInstance", node);
    return event;
  }

  @Override
  public void close() {
    writer.shutdown();
  }
}
