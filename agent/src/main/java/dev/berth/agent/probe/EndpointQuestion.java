package dev.berth.agent.probe;

import dev.berth.api.Json;
import dev.berth.api.Reason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Asks a model's server, whose port is open, whether it speaks its protocol and serves its model.
///
/// The protocols are asked in the order of most to least specific; a server that answers neither
/// speaks plain HTTP as soon as it accepts. A declared protocol is asked alone, and the message
/// says what was found instead.
///
/// Servers of the open inference protocol may refuse every question (400, 404) until their model is
/// loaded. As long as one may be loading, a refusal is therefore no answer; by 404 alone, though,
/// it cannot be told from a server that has no such paths.
final class EndpointQuestion {
  private static final int MAX_BODY = 256 * 1024;
  private final HttpClient http;
  private final Probe.Handler.Endpoint endpoint;
  private final String address;
  private final Duration patience;
  private final boolean loading;

  /// @param patience for each single answer
  /// @param loading whether the server may still be loading its model
  EndpointQuestion(
      HttpClient http,
      Probe.Handler.Endpoint endpoint,
      String address,
      Duration patience,
      boolean loading) {
    this.loading = loading;
    this.http = http;
    this.endpoint = endpoint;
    this.address = address;
    this.patience = patience;
  }

  Outcome ask() {
    return switch (endpoint.protocol()) {
      case "open-inference" -> declared(openInference(), "OpenInference");
      case "openai" -> declared(openAi(), "OpenAI");
      case "http" -> Outcome.speaks("Http");
      default -> detect();
    };
  }

  /// Plain HTTP is what is left when both others have said no; a server that is still loading has
  /// not said anything yet.
  private Outcome detect() {
    Answer open = openInference();
    if (open.speaks()) {
      return open.ready() ? Outcome.speaks("OpenInference") : notReady(open);
    }
    Answer openAi = openAi();
    if (openAi.speaks()) {
      return Outcome.speaks("OpenAI");
    }
    return open.undecided() || openAi.undecided() || (loading && open.status() == 400)
        ? Outcome.bad(
            open.late() && openAi.late() ? Reason.PROBE_TIMEOUT : Reason.NEVER_READY,
            "still loading: " + open.seen() + ", " + openAi.seen())
        : Outcome.speaks("Http");
  }

  private Outcome declared(Answer answer, String protocol) {
    if (answer.ready()) {
      return Outcome.speaks(protocol);
    }
    if (answer.speaks() || answer.failing()) {
      return notReady(answer);
    }
    boolean wasOpenAi = protocol.equals("OpenAI");
    Answer other = wasOpenAi ? openInference() : openAi();
    if (answer.invalid() && !other.speaks()) {
      return Outcome.bad(Reason.INVALID_ANSWER, answer.seen());
    }
    if (loading && !wasOpenAi && !other.speaks()) {
      return notReady(answer);
    }
    String hint =
        other.speaks()
            ? ": looks like " + (wasOpenAi ? "open-inference" : "openai") + serves(names())
            : "; it answers HTTP, but in neither protocol";
    return Outcome.bad(
        Reason.PROTOCOL_MISMATCH,
        "spec.endpoint.protocol is "
            + endpoint.protocol()
            + ", but "
            + answer.seen()
            + "; "
            + other.seen()
            + hint);
  }

  private static String serves(List<String> names) {
    return names.isEmpty() ? "" : "; it serves " + String.join(", ", names);
  }

  private static Outcome notReady(Answer answer) {
    if (!answer.others().isEmpty()) {
      return Outcome.bad(Reason.MODEL_NAME_MISMATCH, answer.others());
    }
    return Outcome.bad(answer.late() ? Reason.PROBE_TIMEOUT : Reason.NEVER_READY, answer.seen());
  }

  /// What a server said in one protocol.
  ///
  /// @param speaks whether it has the protocol at all
  /// @param status of the first question
  /// @param others not empty when it is up but serves other models
  private record Answer(boolean speaks, int status, boolean ready, String seen, String others) {
    /// It cannot say yet.
    boolean undecided() {
      return late() || status == Got.UNAVAILABLE;
    }

    boolean late() {
      return status == Got.SILENT;
    }

    boolean failing() {
      return late() || status >= 500;
    }

    /// It answered, but not in a form that could be read.
    boolean invalid() {
      return status == Got.NOT_HTTP || status == 200;
    }
  }

  private Answer openInference() {
    String server = endpoint.basePath() + "/v2/health/ready";
    String model = endpoint.basePath() + "/v2/models/" + endpoint.modelName();
    Got health = get(server);
    Got ready = get(model + "/ready");
    Got metadata = get(model);
    boolean described = metadata.status() == 200 && json(metadata).path("inputs").isArray();
    boolean healthy = says200(health);
    boolean isReady = says200(ready) || (described && ready.status() == 404 && healthy);
    boolean unknown = !isReady && healthy && refused(metadata.status()) && refused(ready.status());
    return new Answer(
        healthy || described || says200(ready) || lives(health),
        health.status(),
        isReady,
        seen(health, server) + "; " + seen(ready, model + "/ready"),
        unknown ? others(ready.says(model + "/ready"), names()) : "");
  }

  /// One that is loading says at once that it lives; a server that says so to every path would have
  /// called itself ready, too.
  private boolean lives(Got health) {
    return refused(health.status()) && says200(get(endpoint.basePath() + "/v2/health/live"));
  }

  /// An answer of this protocol has no body or JSON: a server that has a page for every path says
  /// 200 to this one too.
  private static boolean says200(Got got) {
    return got.status() == 200 && !got.isOtherText();
  }

  private static String seen(Got got, String path) {
    boolean page = got.status() == 200 && got.isOtherText();
    return got.says(path) + (page ? " but neither nothing nor JSON" : "");
  }

  private static boolean refused(int status) {
    return status == 400 || status == 404;
  }

  private Answer openAi() {
    String path = endpoint.basePath() + "/v1/models";
    Got got = get(path);
    JsonNode body = json(got);
    boolean list = got.status() == 200 && "list".equals(Json.text(body, "object"));
    List<String> names = names(body.path("data"), "id");
    boolean known =
        names.isEmpty() || endpoint.modelName().isEmpty() || names.contains(endpoint.modelName());
    String seen =
        list
            ? "GET " + path + " gave a model list"
            : got.says(path) + (got.status() == 200 ? " but no model list" : "");
    String others = list && !known ? others("GET " + path + " does not list it", names) : "";
    return new Answer(list, got.status(), list && known, seen, others);
  }

  /// Empty when the model is among those that the server names, or it may be loading and names
  /// none: then it is only not ready.
  private String others(String seen, List<String> names) {
    if (names.contains(endpoint.modelName()) || (loading && names.isEmpty())) {
      return "";
    }
    return "the server does not serve the model "
        + endpoint.modelName()
        + " ("
        + seen
        + "); "
        + (names.isEmpty()
            ? "it does not say which ones it serves"
            : "it serves " + String.join(", ", names));
  }

  /// Servers of this protocol list their models in different places, or in none.
  private List<String> names() {
    String base = endpoint.basePath();
    for (String path : List.of(base + "/v2/models", base + "/v2", base + "/v1/models")) {
      JsonNode body = json(get(path));
      List<String> found = new ArrayList<>(names(body, "name"));
      found.addAll(names(body.path("models"), "name"));
      found.addAll(names(body.path("data"), "id"));
      if (!found.isEmpty()) {
        return found;
      }
    }
    return names(json(send(base + "/v2/repository/index", "POST")), "name");
  }

  /// A list of names, or of objects that have one.
  private static List<String> names(JsonNode list, String field) {
    return list.isArray()
        ? list.valueStream()
            .map(n -> n.isString() ? n.asString() : Json.text(n, field))
            .filter(n -> !n.isEmpty())
            .limit(10)
            .toList()
        : List.of();
  }

  /// What one GET brought; the status is 0 when nothing came in time, -1 when it was not HTTP.
  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  private record Got(int status, byte[] body) {
    private static final int SILENT = 0;
    private static final int NOT_HTTP = -1;
    private static final int UNAVAILABLE = 503;

    boolean isOtherText() {
      String text = new String(body, java.nio.charset.StandardCharsets.UTF_8).strip();
      if (text.isEmpty()) {
        return false;
      }
      try {
        Json.parse(body);
        return false;
      } catch (JacksonException | IllegalArgumentException e) {
        return true;
      }
    }

    String says(String path) {
      return "GET "
          + path
          + switch (status) {
            case SILENT -> " gave nothing in time";
            case NOT_HTTP -> " gave no HTTP answer";
            default -> " gave " + status;
          };
    }
  }

  private static JsonNode json(Got response) {
    try {
      return response.status() == 200 ? Json.parse(response.body()) : Json.object();
    } catch (JacksonException | IllegalArgumentException e) {
      return Json.object();
    }
  }

  private Got get(String path) {
    return send(path, "GET");
  }

  private Got send(String path, String method) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + address + ":" + endpoint.port() + path))
            .timeout(patience)
            .header("User-Agent", "berth-probe")
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();
    try {
      HttpResponse<byte[]> answer =
          Answers.within(
              http, request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BODY), patience);
      return new Got(answer.statusCode(), answer.body());
    } catch (HttpTimeoutException | ConnectException late) {
      return new Got(Got.SILENT, new byte[0]);
    } catch (IOException failed) {
      return new Got(Got.NOT_HTTP, new byte[0]);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return new Got(Got.SILENT, new byte[0]);
    }
  }
}
