package dev.berth.cli.apply;

import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Failure;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.verb.ClientVerb;
import dev.berth.cli.watch.FolderWatch;
import dev.berth.client.ApiClient;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "berth dev",
    header = {
      "Example:",
      "  berth dev -f manifests/digits",
      "  berth dev -f modelapp.yaml -n try --keep",
      ""
    },
    description = {
      "%nApplies the manifests, and again whenever one of them or a file that is built from"
          + " changes: what changed is built and rolled out, while the last good one keeps"
          + " running. Shows what all pods say (stdout) and how it goes (stderr).",
      "%nCtrl-C ends it and deletes what it created; what was there before stays as it is then."
          + " What no manifest names any more goes at once where this command created it; a"
          + " namespace, claim, volume, secret or kind goes at the end."
    })
public final class DevVerb extends ClientVerb {
  @Mixin final Sources sources = new Sources();

  @Option(names = "--keep", description = "Delete nothing at the end.")
  boolean keep;

  public DevVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected Exit run(ApiClient client, String inNamespace) throws IOException {
    if (sources.names().contains("-")) {
      throw Failure.of("standard input cannot be watched", "name a file or a folder");
    }
    String same = sameServer(client, inNamespace);
    DevSession session =
        new DevSession(terminal, client, sources, inNamespace, same, server::reachable, keep);
    Thread goodbye = Thread.ofPlatform().name("berth-dev-end").unstarted(() -> end(session));
    Runtime.getRuntime().addShutdownHook(goodbye);
    try (FolderWatch watch = new FolderWatch()) {
      session.follow(watch);
    } catch (InterruptedException e) {
      // as Ctrl-C, where it is not the process that ends
    }
    Runtime.getRuntime().removeShutdownHook(goodbye);
    end(session);
    return Exit.OK;
  }

  private void end(DevSession session) {
    session.end();
    terminal.flush();
  }
}
