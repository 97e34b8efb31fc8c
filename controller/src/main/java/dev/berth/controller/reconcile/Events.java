package dev.berth.controller.reconcile;

import dev.berth.api.ApiException;
import dev.berth.api.Digest;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.Times;
import dev.berth.controller.resource.Resources;
import dev.berth.controller.resource.Subresource;
import dev.berth.controller.resource.WriteOptions;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// Writes notes as Events. The same note about the same object is one Event with a count: its name
/// is derived from what it says.
final class Events {
  private static final Logger LOG = LoggerFactory.getLogger(Events.class);
  private static final int LONGEST_MESSAGE = 1024;

  private final Resources resources;

  Events(Resources resources) {
    this.resources = resources;
  }

  void write(Note note, Instant now) {
    ObjectKey key = key(note);
    try {
      resources.patch(
          Kinds.EVENT, key, Subresource.NONE, WriteOptions.DEFAULT, event -> again(event, now));
    } catch (ApiException e) {
      if (e.isNotFound()) {
        create(key, note, now);
      } else {
        LOG.atDebug().addKeyValue("found", e.getMessage()).log("an event could not be counted");
      }
    }
  }

  /// An event about an object of a namespace that is going cannot be stored: it is of no use
  /// either.
  private void create(ObjectKey key, Note note, Instant now) {
    try {
      resources.create(Kinds.EVENT, key.namespace(), event(key, note, now), WriteOptions.DEFAULT);
    } catch (ApiException e) {
      LOG.atDebug().addKeyValue("found", e.getMessage()).log("an event could not be written");
    }
  }

  private static ObjectKey key(Note note) {
    String said =
        String.join(
            "|",
            Json.text(note.involved(), "uid"),
            note.reason(),
            note.message(),
            note.component());
    String hash = Digest.sha256(said.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 16);
    String namespace = Json.text(note.involved(), "namespace");
    return new ObjectKey(
        namespace.isEmpty() ? "default" : namespace,
        Json.text(note.involved(), "name") + "." + hash);
  }

  private static ObjectNode again(ObjectNode event, Instant now) {
    event.put("count", event.path("count").asInt(1) + 1);
    event.put("lastTimestamp", Times.format(now));
    return event;
  }

  private static ObjectNode event(ObjectKey key, Note note, Instant now) {
    ObjectNode event = Json.object().put("apiVersion", "v1").put("kind", "Event");
    Json.meta(event).put("name", key.name()).put("namespace", key.namespace());
    event.set("involvedObject", note.involved());
    event.put("type", note.warning() ? "Warning" : "Normal");
    event.put("reason", note.reason()).put("message", shortened(note.message()));
    event.putObject("source").put("component", note.component());
    event.put("reportingComponent", note.component()).put("reportingInstance", "");
    event.put("firstTimestamp", Times.format(now)).put("lastTimestamp", Times.format(now));
    return event.put("count", 1);
  }

  private static String shortened(String message) {
    return message.length() <= LONGEST_MESSAGE ? message : message.substring(0, LONGEST_MESSAGE);
  }
}
