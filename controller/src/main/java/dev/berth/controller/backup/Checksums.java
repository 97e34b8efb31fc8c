package dev.berth.controller.backup;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The last entry of a backup, in the form that `sha256sum -c` reads too.
final class Checksums {
  static final String NAME = "SHA256SUMS";
  private static final Pattern LINE = Pattern.compile("([0-9a-f]{64})  (.+)");

  private final Map<String, String> byName = new LinkedHashMap<>();

  void add(String name, String hex) {
    byName.put(name, hex);
  }

  byte[] text() {
    StringBuilder text = new StringBuilder();
    byName.forEach((name, hex) -> text.append(hex).append("  ").append(name).append('\n'));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  static Map<String, String> parse(byte[] text) {
    Map<String, String> found = new LinkedHashMap<>();
    new String(text, StandardCharsets.UTF_8)
        .lines()
        .map(LINE::matcher)
        .filter(Matcher::matches)
        .forEach(line -> found.put(line.group(2), line.group(1)));
    return found;
  }

  Map<String, String> byName() {
    return byName;
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
