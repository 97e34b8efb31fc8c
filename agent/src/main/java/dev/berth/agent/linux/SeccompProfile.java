package dev.berth.agent.linux;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A profile in containers-common's JSON format, resolved for one machine and one set of
/// capabilities: for each system call its rules in order, the first that matches its arguments
/// decides.
public record SeccompProfile(int defaultAction, Map<Integer, List<Rule>> calls) {
  public static final int ALLOW = 0x7fff0000;
  public static final int KILL_PROCESS = 0x80000000;

  /// One way to a verdict; without conditions it always matches.
  public record Rule(int action, List<Condition> conditions) {}

  /// `(argument[index] & mask) op value`, on all 64 bits.
  public record Condition(int index, Comparison op, long mask, long value) {}

  public enum Comparison {
    EQ,
    NE,
    LT,
    LE,
    GT,
    GE
  }

  public static int errno(int number) {
    return 0x00050000 | number;
  }

  /// Berth's own profile: what it takes from a container is named in the file.
  public static SeccompProfile standard(Set<String> capabilities) {
    try (InputStream in = resource("seccomp-default.json")) {
      return parse(JsonMapper.shared().readTree(in), capabilities, table("x86_64"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static SeccompProfile parse(
      JsonNode profile, Set<String> capabilities, Map<String, Integer> numbers) {
    int fallback =
        action(
            profile.path("defaultAction").asString(""), profile.path("defaultErrnoRet").asInt(1));
    Map<Integer, List<Rule>> calls = new TreeMap<>();
    for (JsonNode entry : profile.path("syscalls")) {
      if (applies(entry, capabilities)) {
        Rule rule =
            new Rule(
                action(entry.path("action").asString(""), entry.path("errnoRet").asInt(1)),
                conditions(entry));
        for (JsonNode name : entry.path("names")) {
          Integer number =
              numbers.get(name.asString()); // other machines' calls are in the list too
          if (number != null) {
            calls.computeIfAbsent(number, _ -> new ArrayList<>()).add(rule);
          }
        }
      }
    }
    return new SeccompProfile(fallback, calls);
  }

  private static boolean applies(JsonNode entry, Set<String> capabilities) {
    JsonNode excluded = entry.path("excludes").path("caps");
    JsonNode included = entry.path("includes").path("caps");
    JsonNode machines = entry.path("includes").path("arches");
    return excluded.valueStream().noneMatch(c -> capabilities.contains(c.asString()))
        && included.valueStream().allMatch(c -> capabilities.contains(c.asString()))
        && (machines.isEmpty()
            || machines
                .valueStream()
                .anyMatch(m -> m.asString().equals("amd64") || m.asString().equals("x86_64")));
  }

  private static List<Condition> conditions(JsonNode entry) {
    return entry.path("args").valueStream().map(SeccompProfile::condition).toList();
  }

  private static Condition condition(JsonNode a) {
    int index = a.path("index").asInt();
    long value = a.path("value").asLong();
    String op = a.path("op").asString("");
    if (op.equals("SCMP_CMP_MASKED_EQ")) {
      return new Condition(index, Comparison.EQ, value, a.path("valueTwo").asLong());
    }
    return new Condition(index, Comparison.valueOf(op.replace("SCMP_CMP_", "")), -1L, value);
  }

  private static int action(String name, int errno) {
    return switch (name) {
      case "SCMP_ACT_ALLOW" -> ALLOW;
      case "SCMP_ACT_LOG" -> 0x7ffc0000;
      case "SCMP_ACT_ERRNO" -> errno(errno);
      case "SCMP_ACT_KILL", "SCMP_ACT_KILL_THREAD" -> 0;
      case "SCMP_ACT_KILL_PROCESS" -> KILL_PROCESS;
      default -> throw new IllegalArgumentException("seccomp profile: unknown action " + name);
    };
  }

  static Map<String, Integer> table(String machine) throws IOException {
    Map<String, Integer> numbers = new HashMap<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                resource("syscalls-" + machine + ".txt"), StandardCharsets.US_ASCII))) {
      lines
          .lines()
          .map(l -> l.split(" ", 2))
          .forEach(p -> numbers.put(p[0], Integer.valueOf(p[1])));
    }
    return numbers;
  }

  private static InputStream resource(String name) {
    return Objects.requireNonNull(SeccompProfile.class.getResourceAsStream(name), name);
  }
}
