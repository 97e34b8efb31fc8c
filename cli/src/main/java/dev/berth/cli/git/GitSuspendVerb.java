package dev.berth.cli.git;

import dev.berth.api.ObjectKey;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Terminal;
import dev.berth.client.ApiClient;
import picocli.CommandLine.Command;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "berth git suspend",
    header = {"Example:", "  berth git suspend apps", ""},
    description =
        "%nStops looking at the remote, and healing what others change, until berth git resume;"
            + " what is applied stays.")
public final class GitSuspendVerb extends GitVerb {
  public GitSuspendVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected Exit run(ApiClient client, ObjectKey key, ObjectNode repository) {
    terminal.data(Repositories.suspend(client, key, true));
    return Exit.OK;
  }
}
