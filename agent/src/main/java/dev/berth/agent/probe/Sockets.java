package dev.berth.agent.probe;

import dev.berth.api.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// What listens in a process's network namespace, read from its socket tables, and what that says
/// to somebody whose connection was refused.
final class Sockets {
  private static final int MOST_SOCKETS = 100_000;
  private static final int MOST_LISTENERS = 10_000;

  /// In a message.
  private static final int MOST_NAMES = 20;

  private static final String LISTEN = "0A";
  private static final int V4_DIGITS = 8;
  private static final String V6_LOOPBACK = "00000000000000000000000001000000";
  private static final String V4_MAPPED = "0000000000000000FFFF0000";

  /// From where a listening socket can be reached.
  enum Reach {
    EVERYWHERE,
    LOOPBACK,
    /// A wildcard of IPv6. Whether it takes IPv4 too is not in the table; a refused connection
    /// tells that it does not.
    IPV6
  }

  record Listener(int port, Reach reach, boolean v6) {
    String name() {
      return switch (reach) {
        case EVERYWHERE -> Integer.toString(port);
        case LOOPBACK -> (v6 ? "[::1]:" : "127.0.0.1:") + port;
        case IPV6 -> "[::]:" + port;
      };
    }
  }

  private Sockets() {}

  static List<Listener> of(long pid) {
    List<Listener> all = new ArrayList<>();
    for (String table : List.of("tcp", "tcp6")) {
      Path file = Path.of("/proc", Long.toString(pid), "net", table);
      try (Stream<String> lines = Files.lines(file, StandardCharsets.US_ASCII)) {
        all.addAll(parse(lines));
      } catch (IOException | UncheckedIOException e) {
        // the process has just ended: it listens nowhere
      }
    }
    return all.stream().distinct().sorted((a, b) -> a.port() - b.port()).toList();
  }

  /// A container may have millions of sockets; those that listen come first.
  static List<Listener> parse(Stream<String> lines) {
    return lines
        .skip(1)
        .limit(MOST_SOCKETS)
        .map(l -> l.strip().split("\\s+", -1))
        .filter(f -> f.length > 3 && f[3].equals(LISTEN))
        .map(f -> listener(f[1]))
        .distinct()
        .limit(MOST_LISTENERS)
        .toList();
  }

  /// An address is hexadecimal in words of the machine's byte order: 127.0.0.1 is `0100007F`.
  private static Listener listener(String local) {
    int colon = local.indexOf(':');
    String address = local.substring(0, colon);
    boolean v6 = address.length() > V4_DIGITS && !address.startsWith(V4_MAPPED);
    String v4 = address.substring(address.length() - V4_DIGITS);
    boolean loopback = v6 ? address.equals(V6_LOOPBACK) : v4.endsWith("7F");
    Reach reach = loopback ? Reach.LOOPBACK : v6 ? Reach.IPV6 : Reach.EVERYWHERE;
    return new Listener(Integer.parseInt(local.substring(colon + 1), 16), reach, v6);
  }

  /// What to tell somebody whose connection to this port was refused.
  static Outcome refused(List<Listener> all, int wanted) {
    if (all.isEmpty()) {
      return Outcome.bad(
          Reason.HANGS_BEFORE_LISTENING,
          "nothing listens on " + wanted + "; the container listens on no port at all");
    }
    List<Listener> here = all.stream().filter(l -> l.port() == wanted).toList();
    if (here.isEmpty()) {
      return Outcome.bad(
          Reason.PORT_NOT_LISTENING,
          "nothing listens on " + wanted + "; the container listens on " + names(all));
    }
    return wrongAddress(here, wanted);
  }

  private static Outcome wrongAddress(List<Listener> here, int port) {
    if (here.stream().allMatch(l -> l.reach() == Reach.LOOPBACK)) {
      return Outcome.bad(
          Reason.LISTENS_ON_LOOPBACK,
          "the container listens on "
              + names(here)
              + " only, which nobody outside of it can reach");
    }
    return here.stream().anyMatch(l -> l.reach() == Reach.EVERYWHERE)
        ? Outcome.bad("port " + port + " is open but did not answer")
        : Outcome.bad(
            Reason.LISTENS_ON_IPV6_ONLY,
            "the container listens on " + names(here) + " only, and pods have IPv4 addresses");
  }

  private static String names(List<Listener> listeners) {
    List<String> names = listeners.stream().map(Listener::name).distinct().toList();
    return names.size() <= MOST_NAMES
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, MOST_NAMES)) + " and more";
  }
}
