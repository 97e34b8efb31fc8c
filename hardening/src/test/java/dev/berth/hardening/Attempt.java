package dev.berth.hardening;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One line of the probe: an attempt to get out, and what came of it.
record Attempt(String number, String name, String verdict, String detail, String control) {
  private static final Pattern LINE =
      Pattern.compile("([0-9]+[a-z]?)\\|([^|]+)\\|([a-zA-Z]+)\\|([^|]*)\\|([a-z])$");

  static List<Attempt> parse(String output) {
    return output.lines().flatMap(line -> LINE.matcher(line).results()).map(Attempt::of).toList();
  }

  private static Attempt of(java.util.regex.MatchResult m) {
    return new Attempt(m.group(1), m.group(2), m.group(3), m.group(4), m.group(5));
  }

  boolean escaped() {
    return verdict.equals("ESCAPED");
  }

  boolean stopped() {
    return verdict.equals("denied") || verdict.equals("contained");
  }

  /// Refused, because this kernel was built without what the attempt needs.
  boolean lacking() {
    Matcher missing =
        Pattern.compile("ENOSYS|ENOENT|ENODEV|EAFNOSUPPORT|EPROTONOSUPPORT").matcher(detail);
    return verdict.equals("denied") && missing.matches();
  }

  String outcome() {
    return verdict + (verdict.equals("denied") ? " " + detail : ": " + detail);
  }
}
