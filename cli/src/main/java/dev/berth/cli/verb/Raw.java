package dev.berth.cli.verb;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.cli.term.Failure;
import dev.berth.client.ApiClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Questions that [ApiClient] has no method for: a table, a dry run, a link.
public final class Raw {
  private Raw() {}

  /// Throws an `ApiException` for a refusal, and a [Failure] where what answers is no API server.
  public static JsonNode ask(
      ApiClient client, String method, String path, Map<String, String> headers, BodyPublisher body)
      throws IOException {
    HttpResponse<InputStream> response = client.raw(method, path, headers, body);
    try (InputStream in = response.body()) {
      return answer(client, response.statusCode(), in.readAllBytes());
    }
  }

  private static JsonNode answer(ApiClient client, int status, byte[] answer) {
    boolean good = status / 100 == 2;
    try {
      JsonNode tree = Json.parse(answer);
      if (good) {
        return tree;
      }
      throw new ApiException(ApiError.fromStatus(status, tree));
    } catch (JacksonException | IllegalArgumentException e) {
      throw Failure.of(
          "what answers at "
              + client.server()
              + " is not Berth: "
              + (good ? "" : "status " + status + ", ")
              + "no JSON",
          "check --kubeconfig");
    }
  }

  /// A value within a query.
  public static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
