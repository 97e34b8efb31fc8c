package dev.berth.api.script;

import dev.berth.api.script.Instruction.Command;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `HEALTHCHECK [flags] CMD command` and `HEALTHCHECK NONE`.
final class HealthChecks {
  private static final Set<String> FLAGS =
      Set.of("interval", "timeout", "start-period", "start-interval", "retries");
  private static final Pattern PART =
      Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)(ns|us|ms|s|m|h)");
  private static final Map<String, Double> NANOS =
      Map.of("ns", 1.0, "us", 1e3, "ms", 1e6, "s", 1e9, "m", 60e9, "h", 3600e9);

  private HealthChecks() {}

  /// @param command reads the command that starts at an offset
  static Instruction read(
      int line,
      String text,
      List<Word> words,
      Flags.Complaints complaints,
      IntFunction<Command> command) {
    Flags flags = Flags.take("HEALTHCHECK", words, FLAGS, Map.of(), complaints);
    if (words.isEmpty()) {
      throw new BadInstruction(0, "HEALTHCHECK needs CMD and a command, or NONE");
    }
    return new Instruction.HealthCheck(
        line,
        text,
        command(words, flags, command),
        duration(flags, "interval", complaints),
        duration(flags, "timeout", complaints),
        duration(flags, "start-period", complaints),
        duration(flags, "start-interval", complaints),
        retries(flags, complaints));
  }

  private static Optional<Command> command(
      List<Word> words, Flags flags, IntFunction<Command> command) {
    Word kind = words.getFirst();
    return switch (Texts.upper(kind.text())) {
      case "NONE" -> {
        if (words.size() > 1 || flags.end() > 0) {
          throw new BadInstruction(kind.offset(), "HEALTHCHECK NONE takes nothing else");
        }
        yield Optional.empty();
      }
      case "CMD" -> {
        if (words.size() < 2) {
          throw new BadInstruction(kind.offset(), "HEALTHCHECK CMD needs a command");
        }
        yield Optional.of(command.apply(words.get(1).offset()));
      }
      default ->
          throw new BadInstruction(
              kind.offset(),
              "unknown kind of check "
                  + Texts.cut(kind.text())
                  + "; write HEALTHCHECK CMD command, or HEALTHCHECK NONE");
    };
  }

  private static Optional<Duration> duration(
      Flags flags, String name, Flags.Complaints complaints) {
    Optional<String> value = flags.value(name);
    Optional<Duration> parsed = value.flatMap(HealthChecks::duration);
    if (value.isPresent() && parsed.isEmpty()) {
      complaints.add(
          flags.all(name).getFirst().valueOffset(),
          "--" + name + " is a duration such as 30s or 1m30s, not " + Texts.cut(value.get()));
    }
    return parsed;
  }

  /// As Go writes them: `1m30s`, `1.5h`, `0`.
  static Optional<Duration> duration(String text) {
    if (text.equals("0")) {
      return Optional.of(Duration.ZERO);
    }
    Matcher part = PART.matcher(text);
    double nanos = 0;
    int at = 0;
    while (part.find() && part.start() == at) {
      nanos += Double.parseDouble(part.group(1)) * NANOS.getOrDefault(part.group(2), 0.0);
      at = part.end();
    }
    return at > 0 && at == text.length() && nanos < Long.MAX_VALUE
        ? Optional.of(Duration.ofNanos(Math.round(nanos)))
        : Optional.empty();
  }

  private static OptionalInt retries(Flags flags, Flags.Complaints complaints) {
    Optional<String> value = flags.value("retries");
    if (value.isEmpty()) {
      return OptionalInt.empty();
    }
    if (value.get().matches("[0-9]{1,6}")) {
      return OptionalInt.of(Integer.parseInt(value.get()));
    }
    complaints.add(
        flags.all("retries").getFirst().valueOffset(),
        "--retries is a number, not " + Texts.cut(value.get()));
    return OptionalInt.empty();
  }
}
