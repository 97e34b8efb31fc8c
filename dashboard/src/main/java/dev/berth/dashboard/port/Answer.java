package dev.berth.dashboard.port;

import dev.berth.api.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// An answer. To `HEAD` the server sends it without the body. Each name of a header is there once.
public final class Answer {
  private static final byte[] NOTHING = new byte[0];

  private final int status;
  private final Map<String, String> headers;
  private final byte[] body;

  /// Takes over the body: nobody may change it afterwards.
  public Answer(int status, Map<String, String> headers, byte[] body) {
    this.status = status;
    this.headers = Map.copyOf(headers);
    this.body = body;
  }

  public int status() {
    return status;
  }

  public Map<String, String> headers() {
    return headers;
  }

  /// Shared; not to be changed.
  public byte[] body() {
    return body;
  }

  public static Answer json(JsonNode tree) {
    return json(Json.bytes(tree));
  }

  public static Answer json(byte[] bytes) {
    return new Answer(200, Map.of("Content-Type", "application/json"), bytes);
  }

  public static Answer text(int status, String text) {
    return new Answer(
        status,
        Map.of("Content-Type", "text/plain; charset=utf-8"),
        (text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  public static Answer empty(int status) {
    return new Answer(status, Map.of(), NOTHING);
  }

  public Answer with(String name, String value) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put(name, value);
    return new Answer(status, all, body);
  }

  /// With those headers that it does not have yet.
  public Answer withAll(Map<String, String> more) {
    Map<String, String> all = new LinkedHashMap<>(more);
    all.putAll(headers);
    return new Answer(status, all, body);
  }
}
