package dev.berth.cli.look;

import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.api.ObjectKey;
import dev.berth.cli.verb.Raw;
import dev.berth.client.ApiClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// What endpoints are asked now, as the dashboard shows it. An aid: where the server does not tell,
/// there are no figures, and never a zero for what nobody measured.
final class Traffic {
  private static final double WHOLE = 10;

  private Traffic() {}

  /// Words such as `12.3/s, p99 18 ms` by ModelApp; of at most 200, those first that are not well.
  ///
  /// @param namespace empty for all
  /// @param name empty for all
  static Map<ObjectKey, String> of(ApiClient client, String namespace, String name) {
    String query = "?namespace=" + Raw.encode(namespace) + "&q=" + Raw.encode(name);
    try {
      HttpResponse<InputStream> response = client.raw("GET", "/ui/api/rows/modelapps" + query);
      try (InputStream body = response.body()) {
        return response.statusCode() == 200 ? words(Json.parse(body.readAllBytes())) : Map.of();
      }
    } catch (ApiException | IOException | JacksonException | IllegalArgumentException e) {
      return Map.of();
    }
  }

  static Map<ObjectKey, String> words(JsonNode page) {
    Map<ObjectKey, String> words = new HashMap<>();
    for (JsonNode app : page.path("rows")) {
      String said = said(app.path("endpoint"));
      if (!said.isEmpty()) {
        words.put(new ObjectKey(Json.text(app, "namespace"), Json.text(app, "name")), said);
      }
    }
    return words;
  }

  private static String said(JsonNode endpoint) {
    if (!endpoint.path("rps").isNumber()) {
      return "";
    }
    StringBuilder said = new StringBuilder(number(endpoint.path("rps").asDouble())).append("/s");
    double errors = endpoint.path("errorsPerSecond").asDouble(0);
    if (errors > 0) {
      said.append(", ").append(number(errors)).append(" errors/s");
    }
    if (endpoint.path("p99Ms").isNumber()) {
      said.append(", p99 ").append(number(endpoint.path("p99Ms").asDouble())).append(" ms");
    }
    int queue = endpoint.path("queue").asInt(0);
    return queue > 0 ? said.append(", ").append(queue).append(" in line").toString() : said + "";
  }

  /// `0.25`, `1.2`, `180`: as many digits as say something.
  static String number(double value) {
    String form = value == 0 || value >= WHOLE ? "%.0f" : value < 1 ? "%.2f" : "%.1f";
    return String.format(Locale.ROOT, form, value);
  }
}
