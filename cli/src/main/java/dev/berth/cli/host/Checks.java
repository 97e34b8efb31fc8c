package dev.berth.cli.host;

import dev.berth.agent.Preflight;
import dev.berth.cli.term.Failure;
import dev.berth.cli.term.Paint;
import dev.berth.cli.term.Terminal;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What must hold before anything is started, all of it reported at once.
final class Checks {
  private Checks() {}

  static void root(String command) throws IOException {
    if (!Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
      throw Failure.of(
          "only root may do this: it makes namespaces, mounts and network rules",
          "sudo " + command);
    }
  }

  /// Says each finding that is not well; ends with a failure when one of them is fatal.
  static void preflight(Terminal terminal, List<Preflight.Finding> findings) {
    List<String> fixes = new ArrayList<>();
    int fatal = 0;
    for (Preflight.Finding finding : findings) {
      if (!finding.ok()) {
        fatal += finding.fatal() ? 1 : 0;
        terminal.say(line(finding, terminal.coloursInProgress()));
        fixes.add(finding.fix());
      }
    }
    if (fatal > 0) {
      throw Failure.of(
          "this host is not ready for Berth: "
              + fatal
              + " check"
              + (fatal == 1 ? "" : "s")
              + " failed",
          fixes.toArray(String[]::new));
    }
  }

  private static String line(Preflight.Finding finding, boolean colours) {
    String text = finding.check() + ": " + finding.found();
    return finding.fatal()
        ? Paint.RED.of("FAIL  " + text, colours)
        : Paint.YELLOW.of("WARN  " + text, colours);
  }

  static void portsFree(Settings settings) throws IOException {
    portFree("API port", "0.0.0.0", settings.port(), "--port");
    portFree("ingress port", settings.ingressAddress(), settings.ingressPort(), "--ingress-port");
  }

  static void portFree(String what, String address, int port, String option) throws IOException {
    if (port != 0 && !PortOwner.isFree(InetAddress.ofLiteral(address), port)) {
      throw Failure.of(
          what + " " + port + " is taken by " + PortOwner.of(port),
          "stop that process, or choose another port: berth up " + option + " " + (port + 1000));
    }
  }
}
