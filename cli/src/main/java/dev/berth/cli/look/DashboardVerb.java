package dev.berth.cli.look;

import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Failure;
import dev.berth.cli.term.Spans;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.verb.Raw;
import dev.berth.cli.verb.Server;
import dev.berth.cli.verb.Verb;
import dev.berth.client.ApiClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

@Command(
    name = "berth dashboard",
    header = {
      "Example:",
      "  berth dashboard",
      "  berth dashboard --kubeconfig viewer.kubeconfig",
      "  xdg-open \"$(berth dashboard)\"",
      ""
    },
    description = {
      "%nPrints a link that logs a browser in as the user of the kubeconfig, once and soon. It"
          + " opens nothing. Who has the link before you use it is you: do not pass it on."
    })
public final class DashboardVerb extends Verb {
  private static final String LOGIN_LINK = "/ui/api/login-link";

  @Mixin final Server server = new Server();

  public DashboardVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected Exit run() throws IOException {
    try (ApiClient client = server.open()) {
      JsonNode link = ask(client);
      terminal.data(address(client.server(), Json.text(link, "path")));
      terminal.say(
          "  It works once, within "
              + Spans.format(Duration.ofSeconds(link.path("expiresSeconds").asLong(0)))
              + ". The certificate is Berth's own: a browser asks about it the first time.");
      return Exit.OK;
    }
  }

  private static JsonNode ask(ApiClient client) throws IOException {
    try {
      return Raw.ask(
          client,
          "POST",
          LOGIN_LINK,
          Map.of("Content-Type", "application/json"),
          BodyPublishers.ofString("{}"));
    } catch (ApiException e) {
      if (!e.isNotFound()) {
        throw e;
      }
      throw Failure.of(
          "the server at " + client.server() + " has no dashboard",
          "it is older than this command: berth version");
    }
  }

  /// The way to the dashboard on the server that the kubeconfig names, and on no other: a path that
  /// names one is refused, as the link is a key.
  static String address(URI server, String path) {
    if (!path.matches("/ui/[\\x21-\\x7e]*")) {
      throw Failure.of("the server answered a login link that cannot be read");
    }
    return server.getScheme() + "://" + server.getRawAuthority() + path;
  }
}
