package dev.berth.cli.debug;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Failure;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.verb.ClientVerb;
import dev.berth.cli.verb.Form;
import dev.berth.cli.verb.Types;
import dev.berth.cli.why.Targets;
import dev.berth.client.ApiClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

@Command(
    name = "berth debug",
    header = {
      "Example:",
      "  berth debug digits",
      "  berth debug pod/digits-app-x7k2p",
      "  berth debug digits -o json",
      ""
    },
    description = {
      "%nWhat every stage of Berth knows of one object: the store's and the caches' revisions, the"
          + " queues with their last error, the scheduler, and the agent's worker with its last"
          + " failed operation. For when berth why explains nothing: put it into a bug report."
    })
public final class DebugVerb extends ClientVerb {
  @Parameters(paramLabel = "NAME", description = "A ModelApp, or pod/NAME.")
  String word = "";

  @Mixin final Form form = new Form();

  private final InstantSource clock = InstantSource.system();

  public DebugVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected Exit run(ApiClient client, String inNamespace) throws IOException {
    int slash = word.indexOf('/');
    ResourceType type = slash < 0 ? Kinds.MODEL_APP : Types.one(word.substring(0, slash));
    if (!type.equals(Kinds.MODEL_APP) && !type.equals(Kinds.POD)) {
      throw Failure.of("only a ModelApp or a pod can be looked into", "berth describe " + word);
    }
    JsonNode object = new Targets(client, inNamespace).named(type, word.substring(slash + 1));
    JsonNode report = ask(client, type.objectPath(ObjectKey.of(object)) + "/debug");
    if (form.isText()) {
      new DebugPage(clock.instant()).of(report).forEach(terminal::data);
    } else {
      form.print(terminal, report);
    }
    return Exit.OK;
  }

  private static JsonNode ask(ApiClient client, String path) throws IOException {
    HttpResponse<InputStream> response = client.raw("GET", path);
    try (InputStream body = response.body()) {
      JsonNode answer = Json.parse(body.readAllBytes());
      if (response.statusCode() != 200) {
        throw new ApiException(ApiError.fromStatus(response.statusCode(), answer));
      }
      return answer;
    } catch (JacksonException e) {
      throw new Failure(
          Exit.FAILED, "the server answered " + response.statusCode() + " without a report");
    }
  }
}
