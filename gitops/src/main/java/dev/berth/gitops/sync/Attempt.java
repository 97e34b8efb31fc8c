package dev.berth.gitops.sync;

import dev.berth.api.Json;
import dev.berth.api.Times;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One sync in `status.history`: a revision, the digest of what it rendered to, and how it ended.
record Attempt(
    String revision,
    String digest,
    Instant startedAt,
    Duration duration,
    Result result,
    String by,
    String message) {

  enum Result {
    PROGRESSING("Progressing"),
    SUCCEEDED("Succeeded"),
    FAILED("Failed"),
    SUPERSEDED("Superseded");

    private final String word;

    Result(String word) {
      this.word = word;
    }

    static Result of(String word) {
      for (Result result : values()) {
        if (result.word.equals(word)) {
          return result;
        }
      }
      return PROGRESSING;
    }
  }

  static Attempt begun(String revision, String digest, Instant now, String by) {
    return new Attempt(revision, digest, now, Duration.ZERO, Result.PROGRESSING, by, "");
  }

  static Optional<Attempt> last(JsonNode status) {
    JsonNode first = status.path("history").path(0);
    return first.isObject() ? Optional.of(read(first)) : Optional.empty();
  }

  static Attempt read(JsonNode node) {
    return new Attempt(
        Json.text(node, "revision"),
        Json.text(node, "digest"),
        time(Json.text(node, "startedAt")),
        dev.berth.api.Durations.tryParse(Json.text(node, "duration")).orElse(Duration.ZERO),
        Result.of(Json.text(node, "result")),
        Json.text(node, "by"),
        Json.text(node, "message"));
  }

  private static Instant time(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      return Instant.EPOCH;
    }
  }

  ObjectNode write() {
    ObjectNode node = Json.object();
    node.put("revision", revision).put("digest", digest);
    node.put("startedAt", Times.format(startedAt));
    node.put("duration", duration.toSeconds() + "s");
    node.put("result", result.word).put("by", by);
    if (!message.isEmpty()) {
      node.put("message", message);
    }
    return node;
  }

  boolean isOf(String revision, String digest) {
    return this.revision.equals(revision) && this.digest.equals(digest);
  }

  boolean isOpen() {
    return result == Result.PROGRESSING;
  }

  /// Ends it; one that has ended so already stays as it is, so that a status at rest is not
  /// written.
  Attempt ended(Result result, Instant now, String message) {
    if (this.result == result && this.message.equals(message)) {
      return this;
    }
    return new Attempt(
        revision, digest, startedAt, Duration.between(startedAt, now), result, by, message);
  }
}
