package dev.berth.cli.host;

import dev.berth.cli.host.Neighbours.Neighbour;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.verb.Verb;
import dev.berth.controller.Controller;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "berth controller",
    header = {
      "Example:",
      "  berth controller --data-dir /srv/berth --port 6443 --san api.example.com",
      ""
    },
    description = {
      "%nRuns the controller alone: API, store, reconcilers, registry. Agents join with"
          + " DIR/agent.kubeconfig."
    })
public final class ControllerVerb extends Verb {
  @Mixin final ServerOptions options = new ServerOptions();

  @Option(
      names = "--bind-address",
      paramLabel = "IP",
      defaultValue = "0.0.0.0",
      description = "Address to listen on (${DEFAULT-VALUE}).")
  String bindAddress = "0.0.0.0";

  @Option(
      names = "--san",
      paramLabel = "NAME",
      description = "Further names in the server certificate; repeatable.")
  List<String> sans = List.of();

  public ControllerVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected Exit run() throws IOException, InterruptedException {
    Optional<Neighbour> older = Neighbours.olderThanMe("controller");
    if (older.isPresent()) {
      throw UpVerb.refusal(older.get());
    }
    Path dataDir = options.dataDir();
    Settings settings = options.settle();
    Checks.portFree("API port", bindAddress, settings.port(), "--port");
    LogFile.open(dataDir.resolve("berth.log"));
    PidFile.write(dataDir, Half.CONTROLLER);
    Halves halves = new Halves(dataDir, Half.CONTROLLER);
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("berth-stop").unstarted(halves::stop));
    Controller controller = Controller.start(settings.controller(dataDir, bindAddress, sans));
    halves.add(controller);
    terminal.say(
        "controller  serving on https://127.0.0.1:"
            + controller.port()
            + ", kubeconfig "
            + controller.adminKubeconfig());
    halves.add(StartupCache.refreshed());
    new CountDownLatch(1).await();
    return Exit.OK;
  }
}
