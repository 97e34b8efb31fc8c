package dev.berth.agent.probe;

import dev.berth.api.Json;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
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
      return Outcome.bad("GET " + h.path() + ": " + ListeningPorts.hint(target.pid(), h.port()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Outcome.bad("interrupted");
    }
  }

  private static Outcome tcp(int port, ProbeTarget target, Duration timeout) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(target.address(), port), (int) timeout.toMillis());
      return Outcome.good();
    } catch (IOException e) {
      return Outcome.bad(ListeningPorts.hint(target.pid(), port));
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
      case "http" -> new Outcome(true, "", "Http");
      default -> detect(e, target);
    };
  }

  private Outcome detect(Probe.Handler.Endpoint e, ProbeTarget target) {
    Answer answer = openInference(e, target);
    if (answer.speaks()) {
      return answer.ready() ? new Outcome(true, "", "OpenInference") : Outcome.bad(answer.seen());
    }
    return openAi(e, target).ready()
        ? new Outcome(true, "", "OpenAI")
        : new Outcome(true, "", "Http");
  }

  private Outcome declared(
      Answer answer, String protocol, Probe.Handler.Endpoint e, ProbeTarget target) {
    if (answer.ready()) {
      return new Outcome(true, "", protocol);
    }
    if (answer.speaks()) {
      return Outcome.bad(answer.seen());
    }
    boolean other =
        protocol.equals("OpenAI") ? openInference(e, target).speaks() : openAi(e, target).ready();
    String hint =
        other ? "; it looks like " + (protocol.equals("OpenAI") ? "open-inference" : "openai") : "";
    return new Outcome(false, answer.seen() + hint, "ProtocolMismatch");
  }

  /// Whether the server has the protocol at all, and whether the model is ready.
  private record Answer(boolean speaks, boolean ready, String seen) {}

  private Answer openInference(Probe.Handler.Endpoint e, ProbeTarget target) {
    String server = e.basePath() + "/v2/health/ready";
    String model = e.basePath() + "/v2/models/" + e.modelName();
    int health = get(e, target, server).map(HttpResponse::statusCode).orElse(0);
    int ready = get(e, target, model + "/ready").map(HttpResponse::statusCode).orElse(0);
    boolean metadata =
        get(e, target, model)
            .filter(r -> r.statusCode() == 200)
            .map(r -> json(r).path("inputs").isArray())
            .orElse(false);
    String seen =
        "GET " + server + " answered " + health + ", GET " + model + "/ready answered " + ready;
    return new Answer(
        health == 200 || metadata || ready == 200,
        ready == 200 || (metadata && ready == 404 && health == 200),
        seen);
  }

  private Answer openAi(Probe.Handler.Endpoint e, ProbeTarget target) {
    String path = e.basePath() + "/v1/models";
    Optional<HttpResponse<byte[]>> answer = get(e, target, path);
    int status = answer.map(HttpResponse::statusCode).orElse(0);
    boolean list =
        status == 200 && answer.map(r -> "list".equals(Json.text(json(r), "object"))).orElse(false);
    return new Answer(
        list,
        list,
        "GET "
            + path
            + " answered "
            + (status == 200 ? "200 but no model list" : String.valueOf(status)));
  }

  private static JsonNode json(HttpResponse<byte[]> response) {
    try {
      return Json.parse(response.body());
    } catch (JacksonException | IllegalArgumentException e) {
      return Json.object();
    }
  }

  private Optional<HttpResponse<byte[]>> get(
      Probe.Handler.Endpoint e, ProbeTarget target, String path) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + target.address() + ":" + e.port() + path))
            .timeout(PROTOCOL_PATIENCE)
            .header("User-Agent", "berth-probe")
            .build();
    try {
      return Optional.of(
          http.send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BODY)));
    } catch (IOException failed) {
      return Optional.empty();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
