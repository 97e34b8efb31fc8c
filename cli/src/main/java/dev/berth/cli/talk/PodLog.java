package dev.berth.cli.talk;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.client.ApiClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// One container's log, as lines; of one longer than [BoundedLines#LONGEST] the beginning.
public final class PodLog {
  /// What of it: a `tail` below zero means all.
  public record Wanted(boolean follow, boolean previous, int tail, String container) {}

  private PodLog() {}

  /// Hands every line to `sink`; with `follow` it returns when the container has ended.
  public static void read(ApiClient client, ObjectKey pod, Wanted wanted, Consumer<String> sink)
      throws IOException {
    readWhile(
        client,
        pod,
        wanted,
        line -> {
          sink.accept(line);
          return true;
        });
  }

  /// The same, until `sink` says that it wants no more.
  static void readWhile(ApiClient client, ObjectKey pod, Wanted wanted, Predicate<String> sink)
      throws IOException {
    stream(client, Kinds.POD.objectPath(pod) + "/log?" + query(wanted), sink);
  }

  /// The last lines, or why there are none: for failure blocks, which must not fail themselves.
  public static List<String> tail(ApiClient client, ObjectKey pod, boolean previous, int lines) {
    List<String> tail = new ArrayList<>();
    try {
      read(client, pod, new Wanted(false, previous, lines, ""), tail::add);
    } catch (IOException | ApiException e) {
      return List.of();
    }
    return tail;
  }

  static void stream(ApiClient client, String path, Predicate<String> sink) throws IOException {
    HttpResponse<InputStream> response = client.raw("GET", path);
    try (Reader text = new InputStreamReader(response.body(), StandardCharsets.UTF_8)) {
      if (response.statusCode() != 200) {
        throw refusal(response.statusCode(), text.readAllAsString());
      }
      BoundedLines lines = new BoundedLines(text);
      @Nullable String line = lines.next();
      while (line != null && sink.test(line)) {
        line = lines.next();
      }
    }
  }

  private static ApiException refusal(int status, String body) {
    try {
      return new ApiException(ApiError.fromStatus(status, Json.parse(body)));
    } catch (JacksonException e) {
      return new ApiException(ApiError.fromCode(status, body.strip()));
    }
  }

  private static String query(Wanted wanted) {
    return "follow="
        + wanted.follow()
        + "&previous="
        + wanted.previous()
        + (wanted.tail() < 0 ? "" : "&tailLines=" + wanted.tail())
        + (wanted.container().isEmpty() ? "" : "&container=" + wanted.container());
  }
}
