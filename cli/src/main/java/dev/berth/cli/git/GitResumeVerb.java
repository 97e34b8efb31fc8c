package dev.berth.cli.git;

import dev.berth.api.ObjectKey;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Terminal;
import dev.berth.client.ApiClient;
import picocli.CommandLine.Command;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "berth git resume",
    header = {"Example:", "  berth git resume apps", ""},
    description = "%nLooks at the remote again, at once, and heals what was changed meanwhile.")
public final class GitResumeVerb extends GitVerb {
  public GitResumeVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected Exit run(ApiClient client, ObjectKey key, ObjectNode repository) {
    terminal.data(Repositories.suspend(client, key, false));
    return Exit.OK;
  }
}
