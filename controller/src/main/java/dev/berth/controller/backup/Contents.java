package dev.berth.controller.backup;

import dev.berth.api.Json;
import dev.berth.api.Times;
import java.io.IOException;
import java.time.Instant;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// The first entry of a backup: what the rest holds.
///
/// @param revision the newest revision of the store in it
/// @param objects how many objects that store holds
/// @param images whether the images of the cluster's registry are in it
/// @param blobs how many of them
public record Contents(long revision, Instant time, long objects, boolean images, long blobs) {
  static final String NAME = "berth-backup.json";
  private static final int FORMAT = 1;

  Contents withBlobs(long count) {
    return new Contents(revision, time, objects, images, count);
  }

  byte[] json() {
    return Json.bytes(
        Json.object()
            .put("format", FORMAT)
            .put("time", Times.format(time))
            .put("revision", revision)
            .put("objects", objects)
            .put("images", images)
            .put("blobs", blobs));
  }

  static Contents parse(byte[] json) throws IOException {
    JsonNode tree;
    try {
      tree = Json.parse(json);
    } catch (JacksonException | IllegalArgumentException e) {
      throw new IOException(NAME + " is not JSON: " + e.getMessage(), e);
    }
    int format = tree.path("format").asInt(0);
    if (format != FORMAT) {
      throw new IOException(
          NAME + " has format " + format + "; this version of Berth reads format " + FORMAT);
    }
    return new Contents(
        tree.path("revision").asLong(0),
        Times.at(tree, "time").orElse(Instant.EPOCH),
        tree.path("objects").asLong(0),
        tree.path("images").asBoolean(false),
        tree.path("blobs").asLong(0));
  }
}
