package dev.berth.cli.host;

import dev.berth.agent.Agent;
import dev.berth.agent.AgentConfig;
import dev.berth.agent.Preflight;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Failure;
import dev.berth.cli.term.Spans;
import dev.berth.cli.term.Terminal;
import dev.berth.controller.Controller;
import dev.berth.controller.ControllerConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `up` itself: starts both halves, says when the host is Ready, stays until it is told to stop.
final class Foreground {
  private static final Logger LOG = LoggerFactory.getLogger(Foreground.class);
  private static final Duration READY_WITHIN = Duration.ofSeconds(90);

  private final Terminal terminal;
  private final Path dataDir;
  private final Settings settings;
  private final boolean offline;
  private final InstantSource clock = InstantSource.system();

  Foreground(Terminal terminal, Path dataDir, Settings settings, boolean offline) {
    this.terminal = terminal;
    this.dataDir = dataDir;
    this.settings = settings;
    this.offline = offline;
  }

  Exit run() throws IOException, InterruptedException {
    var begun = clock.instant();
    terminal.say("berth up  data " + dataDir + "  log " + dataDir.resolve("berth.log"));
    Checks.portsFree(settings);
    Checks.preflight(terminal, Preflight.run(agentConfig(dataDir.resolve("agent.kubeconfig"))));
    LogFile.open(dataDir.resolve("berth.log"));
    PidFile.write(dataDir, Half.UP);
    Halves halves = new Halves(dataDir, Half.UP);
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("berth-stop").unstarted(halves::stop));
    try {
      start(halves);
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("could not start");
      throw e;
    }
    if (!NodeReady.within(
        READY_WITHIN, dataDir.resolve("admin.kubeconfig"), settings.nodeName(), clock)) {
      throw Failure.of(
          "node " + settings.nodeName() + " is not Ready after " + Spans.format(READY_WITHIN),
          "berth describe node " + settings.nodeName(),
          "read " + dataDir.resolve("berth.log"));
    }
    PidFile.writeReady(dataDir, Half.UP);
    terminal.say("ready       in " + Duration.between(begun, clock.instant()).toMillis() + " ms");
    Next.afterUp(terminal, dataDir, settings);
    halves.add(StartupCache.refreshed());
    new CountDownLatch(1).await();
    return Exit.OK;
  }

  private void start(Halves halves) throws IOException {
    halves.add(Controller.start(controllerConfig()));
    terminal.say("controller  serving on https://127.0.0.1:" + settings.port());
    halves.add(Agent.start(agentConfig(dataDir.resolve("agent.kubeconfig"))));
    terminal.say("agent       node " + settings.nodeName());
  }

  private ControllerConfig controllerConfig() {
    return settings.controller(dataDir, "0.0.0.0", List.of());
  }

  private AgentConfig agentConfig(Path kubeconfig) {
    return new AgentConfig(
        dataDir,
        settings.runDir(),
        kubeconfig,
        settings.nodeName(),
        settings.ingressAddress(),
        settings.ingressPort(),
        offline,
        settings.serviceCidr());
  }
}
