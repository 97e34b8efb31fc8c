package dev.berth.agent.pod;

import java.util.Map;

/// An image's `STOPSIGNAL` as a number; SIGTERM when it says nothing that we know.
final class Signals {
  private static final int TERM = 15;
  private static final Map<String, Integer> NUMBERS =
      Map.of(
          "HUP", 1, "INT", 2, "QUIT", 3, "KILL", 9, "USR1", 10, "USR2", 12, "TERM", TERM, "WINCH",
          28);

  private Signals() {}

  static int number(String name) {
    if (name.matches("[0-9]{1,2}")) {
      return Integer.parseInt(name);
    }
    return NUMBERS.getOrDefault(name.startsWith("SIG") ? name.substring(3) : name, TERM);
  }
}
