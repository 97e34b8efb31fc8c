package dev.berth.cli.look;

import dev.berth.api.Json;
import dev.berth.api.Printable;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Failure;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.verb.Server;
import dev.berth.cli.verb.Verb;
import dev.berth.client.ApiClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "berth version",
    header = {"Example:", "  berth version", "  berth version --client", ""},
    description = "%nThe versions of this command and of the server.")
public final class VersionVerb extends Verb {
  @Mixin final Server server = new Server();

  @Option(names = "--client", description = "Only this command's; asks no server.")
  boolean clientOnly;

  public VersionVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected Exit run() throws IOException {
    terminal.data(
        "client  "
            + Optional.ofNullable(VersionVerb.class.getPackage().getImplementationVersion())
                .orElse("development")
            + "  (Java "
            + Runtime.version().feature()
            + ")");
    if (clientOnly) {
      return Exit.OK;
    }
    try (ApiClient client = server.open()) {
      terminal.data("server  " + ask(client) + "  " + client.server());
      return Exit.OK;
    } catch (Failure e) {
      terminal.say("server  " + e.getMessage());
      return e.exit();
    }
  }

  private static String ask(ApiClient client) throws IOException {
    HttpResponse<InputStream> response = client.raw("GET", "/version");
    try (InputStream body = response.body()) {
      return Printable.line(Json.text(Json.parse(body.readAllBytes()), "gitVersion"));
    }
  }
}
