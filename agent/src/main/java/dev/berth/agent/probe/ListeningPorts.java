package dev.berth.agent.probe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;

/// The TCP ports on which something listens in a process's network namespace, read from its socket
/// tables.
final class ListeningPorts {
  static final String ELSEWHERE = "the container listens on ";
  private static final String LISTEN = "0A";

  private ListeningPorts() {}

  static List<Integer> of(long pid) {
    TreeSet<Integer> ports = new TreeSet<>();
    for (String table : List.of("tcp", "tcp6")) {
      try {
        ports.addAll(parse(Files.readAllLines(Path.of("/proc", Long.toString(pid), "net", table))));
      } catch (IOException e) {
        // the process has just ended: it listens nowhere
      }
    }
    return List.copyOf(ports);
  }

  static List<Integer> parse(List<String> lines) {
    return lines.stream()
        .skip(1)
        .map(l -> l.strip().split("\\s+", -1))
        .filter(f -> f.length > 3 && f[3].equals(LISTEN))
        .map(f -> Integer.parseInt(f[1].substring(f[1].indexOf(':') + 1), 16))
        .distinct()
        .toList();
  }

  /// What to tell somebody whose port does not answer.
  ///
  /// @param setting where the port is set, as `spec.model.port`
  static Outcome refused(List<Integer> ports, int wanted, String setting) {
    if (ports.contains(wanted)) {
      return Outcome.bad("port " + wanted + " is open but did not answer");
    }
    return new Outcome(false, hint(ports, wanted, setting), "", Outcome.PORT_NOT_LISTENING);
  }

  private static String hint(List<Integer> ports, int wanted, String setting) {
    String nothing = "nothing listens on " + wanted + "; ";
    if (ports.isEmpty()) {
      return nothing + "it listens on no port at all";
    }
    String others = String.join(", ", ports.stream().map(String::valueOf).toList());
    return nothing
        + ELSEWHERE
        + others
        + ": set "
        + setting
        + (ports.size() == 1 ? ": " + others : " to one of them");
  }
}
