package dev.berth.cli.host;

import dev.berth.agent.AgentConfig;
import dev.berth.agent.Preflight;
import dev.berth.agent.Preflight.Finding;
import dev.berth.api.Json;
import dev.berth.api.Printable;
import dev.berth.cli.host.Neighbours.Neighbour;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Paint;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.verb.Server;
import dev.berth.cli.verb.Verb;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "berth doctor",
    header = {"Example:", "  sudo berth doctor", "  sudo berth doctor --json", ""},
    description = {
      "%nWhether this host can run Berth, and does: kernel, namespaces, cgroups, nftables, ports,"
          + " disk, memory, clock, name servers, and the Berth that runs here. Looks only; each"
          + " finding that is not well has its fix.",
      "%nExit code 1 when something fails; a warning alone is no failure."
    })
public final class DoctorVerb extends Verb {
  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Of the Berth on this host (BERTH_DATA_DIR, else /var/lib/berth).")
  @Nullable Path dataDir;

  @Option(names = "--json", description = "For programs: {\"ok\": ..., \"checks\": [...]}.")
  boolean json;

  private final InstantSource clock = InstantSource.system();

  public DoctorVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected Exit run() throws IOException {
    Path dir = Server.dataDir(dataDir);
    Settings settings = Settings.of(Map.of(), Settings.remembered(dir));
    Optional<Neighbour> running =
        Neighbours.all().stream().filter(other -> other.dataDir().equals(dir)).findFirst();
    List<Finding> findings = new ArrayList<>(ofKernel(dir, settings, running));
    findings.addAll(HostChecks.ports(settings, running));
    findings.add(HostChecks.disk(dir));
    findings.add(HostChecks.memory());
    findings.add(HostChecks.openFiles());
    findings.addAll(NameServers.check());
    findings.addAll(HostChecks.berth(dir, running, clock.instant()));
    return print(findings);
  }

  /// What `up` checks; but a port that this Berth holds itself is as it should be.
  private static List<Finding> ofKernel(Path dir, Settings settings, Optional<Neighbour> running) {
    AgentConfig config =
        new AgentConfig(
            dir,
            settings.runDir(),
            dir.resolve("agent.kubeconfig"),
            settings.nodeName(),
            settings.ingressAddress(),
            settings.ingressPort(),
            true,
            settings.serviceCidr());
    return Preflight.run(config).stream()
        .filter(finding -> running.isEmpty() || !finding.check().equals("ingress port"))
        .toList();
  }

  private static boolean fails(Finding finding) {
    return !finding.ok() && finding.fatal();
  }

  private static String level(Finding finding) {
    return finding.ok() ? "PASS" : finding.fatal() ? "FAIL" : "WARN";
  }

  Exit print(List<Finding> findings) {
    if (json) {
      terminal.data(Json.pretty(tree(findings)).stripTrailing());
    } else {
      lines(findings);
    }
    return findings.stream().anyMatch(DoctorVerb::fails) ? Exit.FAILED : Exit.OK;
  }

  private void lines(List<Finding> findings) {
    int width = findings.stream().mapToInt(finding -> finding.check().length()).max().orElse(0);
    for (Finding finding : findings) {
      Paint paint = finding.ok() ? Paint.GREEN : finding.fatal() ? Paint.RED : Paint.YELLOW;
      String check = finding.check() + " ".repeat(width - finding.check().length());
      terminal.data(
          paint.of(level(finding), terminal.coloursInData())
              + "  "
              + check
              + "  "
              + Printable.line(finding.found()));
      if (!finding.ok() && !finding.fix().isEmpty()) {
        terminal.data("      " + " ".repeat(width) + "  fix: " + Printable.line(finding.fix()));
      }
    }
  }

  private static ObjectNode tree(List<Finding> findings) {
    ObjectNode tree = Json.object().put("ok", findings.stream().noneMatch(DoctorVerb::fails));
    ArrayNode checks = tree.putArray("checks");
    for (Finding finding : findings) {
      ObjectNode check =
          checks
              .addObject()
              .put("check", finding.check())
              .put("level", level(finding))
              .put("found", finding.found());
      if (!finding.ok()) {
        check.put("fix", finding.fix());
      }
    }
    return tree;
  }
}
