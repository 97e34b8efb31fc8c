package dev.berth.api;

import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Linux's signals by number and name, as on x86-64 and arm64 (signal(7)).
public final class Signals {
  private static final List<String> NAMES =
      List.of(
          "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
          "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG",
          "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS");
  private static final Pattern REAL_TIME = Pattern.compile("RTM(IN|AX)(?:([+-])(\\d{1,2}))?");

  /// As programs see them: the C library keeps 32 and 33 for itself.
  private static final int RTMIN = 34;

  private static final int LAST = 64;

  private Signals() {}

  /// `SIGKILL` for 9; `signal 40` for one without a name.
  public static String name(int number) {
    return number >= 1 && number <= NAMES.size()
        ? "SIG" + NAMES.get(number - 1)
        : "signal " + number;
  }

  /// 9 for `SIGKILL`, `KILL`, `kill` and `9`; 37 for `SIGRTMIN+3`; empty when there is no such
  /// signal.
  public static OptionalInt number(String text) {
    String name = text.strip().toUpperCase(Locale.ROOT);
    if (name.matches("\\d{1,2}")) {
      return within(1, Integer.parseInt(name));
    }
    String plain = name.startsWith("SIG") ? name.substring(3) : name;
    int known = NAMES.indexOf(plain) + 1;
    return known > 0 ? OptionalInt.of(known) : realTime(plain);
  }

  private static OptionalInt realTime(String name) {
    Matcher parts = REAL_TIME.matcher(name);
    if (!parts.matches()) {
      return OptionalInt.empty();
    }
    int away = parts.group(3) == null ? 0 : Integer.parseInt(parts.group(3));
    boolean up = "+".equals(parts.group(2));
    return within(RTMIN, (parts.group(1).equals("IN") ? RTMIN : LAST) + (up ? away : -away));
  }

  private static OptionalInt within(int first, int number) {
    return number >= first && number <= LAST ? OptionalInt.of(number) : OptionalInt.empty();
  }
}
