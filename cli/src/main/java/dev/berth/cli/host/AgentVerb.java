package dev.berth.cli.host;

import dev.berth.agent.Agent;
import dev.berth.agent.AgentConfig;
import dev.berth.agent.Preflight;
import dev.berth.cli.host.Neighbours.Neighbour;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.verb.Verb;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "berth agent",
    header = {
      "Example:",
      "  sudo berth agent --data-dir /srv/agent --kubeconfig /srv/berth/agent.kubeconfig",
      ""
    },
    description = {
      "%nRuns the agent alone: images, builds, containers, network and the endpoint gateway of this"
          + " host."
    })
public final class AgentVerb extends Verb {
  @Mixin final ServerOptions options = new ServerOptions();

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "The agent's credentials (DIR/agent.kubeconfig).")
  @Nullable Path kubeconfig;

  @Option(names = "--offline", description = "Never ask a registry outside; fail at once instead.")
  boolean offline;

  public AgentVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected Exit run() throws IOException, InterruptedException {
    Optional<Neighbour> older = Neighbours.olderThanMe("agent");
    if (older.isPresent()) {
      throw UpVerb.refusal(older.get());
    }
    Checks.root("berth agent");
    Path dataDir = options.dataDir();
    Settings settings = options.settle();
    AgentConfig config = config(dataDir, settings);
    Checks.portFree(
        "ingress port", settings.ingressAddress(), settings.ingressPort(), "--ingress-port");
    Checks.preflight(terminal, Preflight.run(config));
    LogFile.open(dataDir.resolve("berth.log"));
    PidFile.write(dataDir, Half.AGENT);
    Halves halves = new Halves(dataDir, Half.AGENT);
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("berth-stop").unstarted(halves::stop));
    halves.add(Agent.start(config));
    terminal.say(
        "agent       node " + settings.nodeName() + ", log " + dataDir.resolve("berth.log"));
    new CountDownLatch(1).await();
    return Exit.OK;
  }

  private AgentConfig config(Path dataDir, Settings settings) {
    return new AgentConfig(
        dataDir,
        settings.runDir(),
        kubeconfig == null ? dataDir.resolve("agent.kubeconfig") : kubeconfig,
        settings.nodeName(),
        settings.ingressAddress(),
        settings.ingressPort(),
        offline,
        settings.serviceCidr());
  }
}
