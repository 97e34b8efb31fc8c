package dev.berth.agent.probe;

import dev.berth.api.Json;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.Executors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Asks once. HTTP follows no redirects and keeps no connection, so that an answer is about now.
public final class Prober {
  private static final Duration PROTOCOL_PATIENCE = Duration.ofSeconds(2);
  private static final int MAX_BODY = 256 * 1024;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(Duration.ofSeconds(2))
          .executor(
              Executors.newThreadPerTaskExecutor(
                  Thread.ofVirtual().name("probe-http-", 0).factory()))
          .build();

  public Outcome ask(Probe probe, ProbeTarget target) {
    return switch (probe.handler()) {
      case Probe.Handler.Http h -> http(h, target, probe.timeout());
      case Probe.Handler.Tcp t -> tcp(t.port(), target, probe.timeout());
      case Probe.Handler.Exec e -> exec(e, target, probe.timeout());
      case Probe.Handler.Endpoint e -> endpoint(e, target);
    };
  }

  private Outcome http(Probe.Handler.Http h, ProbeTarget target, Duration timeout) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create(h.scheme() + "://" + target.address() + ":" + h.port() + h.path()))
            .timeout(timeout)
            .header("User-Agent", "berth-probe");
    h.headers()
        .forEach(
            (name, value) -> {
              if (!name.equalsIgnoreCase("host")) {
                request.header(name, value);
              }
            });
    try {
      int status = http.send(request.build(), BodyHandlers.discarding()).statusCode();
      return status >= 200 && status < 400
          ? Outcome.good()
          : Outcome.bad("GET " + h.path() + " on port " + h.port() + " answered " + status);
    } catch (IOException e) {
      return refused(h.port(), target);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Outcome.bad("interrupted");
    }
  }

  private static Outcome refused(int port, ProbeTarget target) {
    return ListeningPorts.refused(ListeningPorts.of(target.pid()), port, target.setting());
  }

  private static Outcome tcp(int port, ProbeTarget target, Duration timeout) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(target.address(), port), (int) timeout.toMillis());
      return Outcome.good();
    } catch (IOException e) {
      return refused(port, target);
    }
  }

  private static Outcome exec(Probe.Handler.Exec e, ProbeTarget target, Duration timeout) {
    ProbeTarget.Result result = target.exec().run(e.command(), timeout);
    return result.code() == 0
        ? Outcome.good()
        : Outcome.bad(
            String.join(" ", e.command())
                + (result.code() < 0
                    ? " took longer than " + timeout.toSeconds() + " s"
                    : " exited with " + result.code() + ": " + result.output().strip()));
  }

  /// The protocols in the order of most to least specific; a server that answers neither speaks
  /// plain HTTP as soon as it accepts. A declared protocol is asked alone, and the message says
  /// what was found instead.
  private Outcome endpoint(Probe.Handler.Endpoint e, ProbeTarget target) {
    Outcome open = tcp(e.port(), target, PROTOCOL_PATIENCE);
    if (!open.ok()) {
      return open;
    }
    return switch (e.protocol()) {
      case "open-inference" -> declared(openInference(e, target), "OpenInference", e, target);
      case "openai" -> declared(openAi(e, target), "OpenAI", e, target);
      case "http" -> Outcome.speaks("Http");
      default -> detect(e, target);
    };
  }

  /// Plain HTTP is what is left when both others have said no; a server that is still loading has
  /// not said anything yet.
  private Outcome detect(Probe.Handler.Endpoint e, ProbeTarget target) {
    Answer open = openInference(e, target);
    if (open.speaks()) {
      return open.ready() ? Outcome.speaks("OpenInference") : Outcome.bad(open.seen());
    }
    Answer openAi = openAi(e, target);
    if (openAi.ready()) {
      return Outcome.speaks("OpenAI");
    }
    return open.loading() || openAi.loading()
        ? Outcome.bad("still loading: " + open.seen() + ", " + openAi.seen())
        : Outcome.speaks("Http");
  }

  private Outcome declared(
      Answer answer, String protocol, Probe.Handler.Endpoint e, ProbeTarget target) {
    if (answer.ready()) {
      return Outcome.speaks(protocol);
    }
    if (answer.speaks() || answer.loading()) {
      return Outcome.bad(answer.seen());
    }
    boolean wasOpenAi = protocol.equals("OpenAI");
    Answer other = wasOpenAi ? openInference(e, target) : openAi(e, target);
    String hint = other.speaks() ? ": looks like " + (wasOpenAi ? "open-inference" : "openai") : "";
    return new Outcome(
        false,
        answer.seen() + "; " + other.seen() + hint,
        Outcome.PROTOCOL_MISMATCH,
        Outcome.PROTOCOL_MISMATCH);
  }

  /// Whether the server has the protocol at all, whether it cannot say so yet, and whether the
  /// model is ready.
  private record Answer(boolean speaks, boolean loading, boolean ready, String seen) {}

  private Answer openInference(Probe.Handler.Endpoint e, ProbeTarget target) {
    String server = e.basePath() + "/v2/health/ready";
    String model = e.basePath() + "/v2/models/" + e.modelName();
    Got health = get(e, target, server);
    Got ready = get(e, target, model + "/ready");
    Got metadata = get(e, target, model);
    boolean described = metadata.status() == 200 && json(metadata).path("inputs").isArray();
    return new Answer(
        health.status() == 200 || described || ready.status() == 200,
        health.undecided(),
        ready.status() == 200 || (described && ready.status() == 404 && health.status() == 200),
        health.says(server) + "; " + ready.says(model + "/ready"));
  }

  private Answer openAi(Probe.Handler.Endpoint e, ProbeTarget target) {
    String path = e.basePath() + "/v1/models";
    Got got = get(e, target, path);
    boolean list = got.status() == 200 && "list".equals(Json.text(json(got), "object"));
    String seen =
        list
            ? "GET " + path + " gave a model list"
            : got.says(path) + (got.status() == 200 ? " but no model list" : "");
    return new Answer(list, got.undecided(), list, seen);
  }

  /// What one GET brought; the status is 0 when nothing came in time, -1 when it was not HTTP.
  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  private record Got(int status, byte[] body) {
    private static final int SILENT = 0;
    private static final int NOT_HTTP = -1;
    private static final int UNAVAILABLE = 503;

    boolean undecided() {
      return status == SILENT || status == UNAVAILABLE;
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
      return Json.parse(response.body());
    } catch (JacksonException | IllegalArgumentException e) {
      return Json.object();
    }
  }

  private Got get(Probe.Handler.Endpoint e, ProbeTarget target, String path) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + target.address() + ":" + e.port() + path))
            .timeout(PROTOCOL_PATIENCE)
            .header("User-Agent", "berth-probe")
            .build();
    try {
      HttpResponse<byte[]> answer =
          http.send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BODY));
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
