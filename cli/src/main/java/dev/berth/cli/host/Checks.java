package dev.berth.cli.host;

import dev.berth.agent.Preflight;
import dev.berth.api.Printable;
import dev.berth.cli.term.Failure;
import dev.berth.cli.term.Paint;
import dev.berth.cli.term.Terminal;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What must hold before anything is started, all of it reported at once.
final class Checks {
  private static final int STEP = 1000;
  private static final int MOST = 65535;

  private Checks() {}

  static void root(String command) throws IOException {
    if (!Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
      throw Failure.of(
          "only root may do this: it makes namespaces, mounts and network rules",
          "sudo " + command);
    }
  }

  /// Says each finding that is not well, with its fix below it; ends with a failure when one of
  /// them is fatal.
  static void preflight(Terminal terminal, List<Preflight.Finding> findings) {
    List<Preflight.Finding> bad = findings.stream().filter(finding -> !finding.ok()).toList();
    bad.forEach(finding -> say(terminal, finding));
    long fatal = bad.stream().filter(Preflight.Finding::fatal).count();
    if (fatal > 0) {
      throw Failure.of(
          "this host is not ready for Berth: "
              + (fatal == 1 ? "1 check" : fatal + " checks")
              + " failed",
          "do what stands behind fix, then run the same command again");
    }
  }

  private static void say(Terminal terminal, Preflight.Finding finding) {
    Paint paint = finding.fatal() ? Paint.RED : Paint.YELLOW;
    String text =
        (finding.fatal() ? "FAIL  " : "WARN  ") + finding.check() + ": " + finding.found();
    terminal.say(paint.of(Printable.line(text), terminal.coloursInProgress()));
    if (!finding.fix().isEmpty()) {
      terminal.say("      fix: " + Printable.line(finding.fix()));
    }
  }

  static void portsFree(Settings settings) throws IOException {
    portFree("API port", "0.0.0.0", settings.port(), "--port");
    portFree("ingress port", settings.ingressAddress(), settings.ingressPort(), "--ingress-port");
  }

  static void portFree(String what, String address, int port, String option) throws IOException {
    Preflight.Finding finding = port(what, address, port, option);
    if (!finding.ok()) {
      throw Failure.of(finding.check() + " " + finding.found(), finding.fix());
    }
  }

  /// @param port any will do with 0
  static Preflight.Finding port(String what, String address, int port, String option) {
    return port == 0 || PortOwner.isFree(InetAddress.ofLiteral(address), port)
        ? new Preflight.Finding(what, true, false, port + " is free", "")
        : new Preflight.Finding(
            what,
            false,
            true,
            port + " is taken by " + PortOwner.of(port),
            "stop that process, or choose another port: berth up " + option + " " + another(port));
  }

  /// Easy to remember, and a port.
  static int another(int port) {
    return port + STEP <= MOST ? port + STEP : port - STEP;
  }
}
