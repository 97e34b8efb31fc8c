package dev.berth.cli.talk;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.Printable;
import dev.berth.api.modelapp.ModelApp;
import dev.berth.api.modelapp.ModelAppSpec;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Failure;
import dev.berth.cli.term.Spans;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.verb.ClientVerb;
import dev.berth.client.ApiClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

@Command(
    name = "berth call",
    header = {
      "Example:",
      "  berth call digits",
      "  berth call digits --data @manifests/digits/example.json",
      "  berth call digits --data '{\"inputs\": [...]}' | jq .outputs",
      ""
    },
    description = {
      "%nAsks the endpoint of a ModelApp, as its app would. Without data it sends zeros in the"
          + " shape that the model declares. The answer goes to stdout, the rest to stderr."
    })
public final class CallVerb extends ClientVerb {
  @Parameters(paramLabel = "NAME", description = "The ModelApp.")
  String name = "";

  @Option(
      names = {"-d", "--data"},
      paramLabel = "JSON|@FILE",
      defaultValue = "",
      description = "The request's body; @FILE reads it, @- reads standard input.")
  String data = "";

  private final InstantSource clock = InstantSource.system();

  public CallVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected Exit run(ApiClient client, String inNamespace) throws IOException {
    byte[] body = body();
    Instant begun = clock.instant();
    HttpResponse<InputStream> response =
        client.raw(
            "POST",
            Kinds.MODEL_APP.objectPath(new ObjectKey(inNamespace, name)) + "/call",
            Map.of("Content-Type", "application/json"),
            BodyPublishers.ofByteArray(body));
    return answer(client, inNamespace, response, begun);
  }

  private byte[] body() throws IOException {
    if (data.equals("@-")) {
      return System.in.readAllBytes();
    }
    return data.startsWith("@")
        ? Files.readAllBytes(Path.of(data.substring(1)))
        : data.getBytes(StandardCharsets.UTF_8);
  }

  private Exit answer(
      ApiClient client, String ns, HttpResponse<InputStream> response, Instant begun)
      throws IOException {
    byte[] body;
    try (InputStream in = response.body()) {
      body = in.readAllBytes();
    }
    int status = response.statusCode();
    status(body)
        .ifPresent(
            own -> {
              throw new ApiException(ApiError.fromStatus(status, own));
            });
    print(body);
    String revision =
        response.headers().firstValue("berth-revision").map(r -> ", revision " + r).orElse("");
    terminal.say(
        Printable.line(
            status
                + revision
                + ", "
                + Duration.between(begun, clock.instant()).toMillis()
                + " ms"));
    if (status / 100 == 2) {
      return Exit.OK;
    }
    throw refused(client, ns, response);
  }

  private Failure refused(ApiClient client, String ns, HttpResponse<?> response) {
    String same = sameServer(client, ns);
    String reason = response.headers().firstValue("berth-reason").orElse("");
    if (reason.isEmpty()) {
      return Failure.of(
          "the model itself answered " + response.statusCode(), "berth logs " + name + same);
    }
    String more = reason.equals("no-ready-replica") ? "berth why " : "berth logs ";
    return Failure.of(
        "the endpoint refused: " + reason, remedy(client, ns, reason), more + name + same);
  }

  /// In the manifest's own words, for what the manifest can change.
  private String remedy(ApiClient client, String ns, String reason) {
    ModelAppSpec spec = ModelApp.read(client.get(Kinds.MODEL_APP, new ObjectKey(ns, name))).spec();
    return switch (reason) {
      case "timeout" ->
          "raise spec.endpoint.timeouts.request (now "
              + Spans.format(spec.endpoint().requestTimeout())
              + "), or let the model answer faster";
      case "queue-full", "queue-timeout" ->
          "every replica is busy: raise spec.scale.model.min or spec.model.concurrency, or call"
              + " less at once";
      case "memory-full" ->
          "the node holds as many large calls as it can: call again later, or send less at once";
      case "body-limit" -> "send a smaller body";
      case "no-ready-replica" -> "wait until the model is ready, or see what holds it back";
      default -> "see what the endpoint says of itself";
    };
  }

  /// The API's own error, as against an answer of the model.
  private static Optional<JsonNode> status(byte[] body) {
    try {
      JsonNode tree = body.length == 0 ? Json.object() : Json.parse(body);
      return Optional.of(tree)
          .filter(
              t ->
                  Json.text(t, "kind").equals("Status") && Json.text(t, "apiVersion").equals("v1"));
    } catch (JacksonException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// Bytes as they are, unless a person looks: then escaped.
  private void print(byte[] body) {
    if (terminal.dataIsSeen()) {
      terminal.data(Printable.text(new String(body, StandardCharsets.UTF_8)).stripTrailing());
    } else {
      terminal.dataStream().write(body, 0, body.length);
      if (body.length > 0 && body[body.length - 1] != '\n') {
        terminal.data("");
      }
    }
    terminal.flush();
  }
}
