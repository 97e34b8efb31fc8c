package dev.berth.agent.build;

import dev.berth.agent.build.Instruction.Command;
import dev.berth.api.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Reads a container script. What is not supported is refused by name and line, never passed over.
///
/// Lines: comments and blank lines may stand anywhere, also inside a continued instruction; the
/// escape character is `\` unless a directive at the very top changes it; CRLF and a byte order
/// mark are accepted.
final class ScriptParser {
  private static final Pattern DIRECTIVE = Pattern.compile("#\\s*([A-Za-z]+)\\s*=\\s*(\\S.*?)\\s*");
  private static final Pattern HEREDOC = Pattern.compile("(?:^|\\s)<<-?[\"']?[A-Za-z_]");
  private static final Set<String> REFUSED =
      Set.of("HEALTHCHECK", "ONBUILD", "SHELL", "STOPSIGNAL", "VOLUME", "MAINTAINER");

  private final String file;
  private char escape = '\\';

  ScriptParser(String file) {
    this.file = file;
  }

  Script parse(String text) {
    String[] lines = text.replace("\uFEFF", "").split("\r?\n", -1);
    Script.Builder script = new Script.Builder(file);
    int at = directives(lines);
    while (at < lines.length) {
      if (ignorable(lines[at])) {
        at++;
        continue;
      }
      int start = at + 1;
      StringBuilder joined = new StringBuilder();
      boolean more = true;
      while (more && at < lines.length) {
        String line = lines[at++];
        if (!joined.isEmpty() && ignorable(line)) {
          continue;
        }
        more = continued(line);
        joined.append(
            more ? line.stripTrailing().substring(0, line.stripTrailing().length() - 1) : line);
      }
      script.add(instruction(start, joined.toString().strip()));
    }
    return script.build();
  }

  private int directives(String[] lines) {
    int at = 0;
    for (; at < lines.length; at++) {
      Matcher m = DIRECTIVE.matcher(lines[at].strip());
      if (!m.matches()) {
        break;
      }
      switch (m.group(1).toLowerCase(Locale.ROOT)) {
        case "escape" -> escape = m.group(2).charAt(0);
        case "syntax", "check" -> {} // another frontend, or its lint: nothing here depends on them
        default -> {
          return at;
        }
      }
    }
    return at;
  }

  private static boolean ignorable(String line) {
    return line.isBlank() || line.stripLeading().startsWith("#");
  }

  private boolean continued(String line) {
    String end = line.stripTrailing();
    return !end.isEmpty() && end.charAt(end.length() - 1) == escape;
  }

  private ScriptException error(int line, String message) {
    return new ScriptException(file, line, message);
  }

  private Instruction instruction(int line, String text) {
    String[] parts = text.split("\\s+", 2);
    String word = parts[0].toUpperCase(Locale.ROOT);
    String rest = parts.length > 1 ? parts[1].strip() : "";
    if (REFUSED.contains(word)) {
      throw error(line, word + " is not supported");
    }
    if (rest.isEmpty()) {
      throw error(line, word + " needs an argument");
    }
    return switch (word) {
      case "FROM" -> from(line, text, rest);
      case "ARG" -> new Instruction.Arg(line, text, args(line, rest));
      case "ENV" -> new Instruction.Env(line, text, pairs(line, word, rest));
      case "LABEL" -> new Instruction.Label(line, text, pairs(line, word, rest));
      case "RUN" -> run(line, text, rest);
      case "COPY", "ADD" -> copy(line, text, word, rest);
      case "WORKDIR" -> new Instruction.WorkDir(line, text, rest);
      case "USER" -> new Instruction.User(line, text, single(line, word, rest));
      case "EXPOSE" -> new Instruction.Expose(line, text, Words.split(rest, escape));
      case "CMD" -> new Instruction.Cmd(line, text, command(rest));
      case "ENTRYPOINT" -> new Instruction.Entrypoint(line, text, command(rest));
      default -> throw error(line, "unknown instruction " + parts[0]);
    };
  }

  private String single(int line, String word, String rest) {
    List<String> words = Words.split(rest, escape);
    if (words.size() != 1) {
      throw error(line, word + " takes one argument");
    }
    return words.getFirst();
  }

  private Instruction from(int line, String text, String rest) {
    List<String> words = new ArrayList<>(Words.split(rest, escape));
    Map<String, String> flags = flags(line, "FROM", words, Set.of("platform"));
    String platform = flags.getOrDefault("platform", "linux/amd64");
    if (!platform.equals("linux/amd64") && !platform.contains("$")) {
      throw error(
          line, "FROM --platform=" + platform + " is not supported: this host builds linux/amd64");
    }
    boolean named = words.size() == 3 && words.get(1).equalsIgnoreCase("AS");
    if (words.size() != 1 && !named) {
      throw error(line, "FROM takes an image and, optionally, AS and a name");
    }
    return new Instruction.From(
        line,
        text,
        words.getFirst(),
        named ? Optional.of(words.get(2).toLowerCase(Locale.ROOT)) : Optional.empty());
  }

  private Map<String, Optional<String>> args(int line, String rest) {
    Map<String, Optional<String>> values = new LinkedHashMap<>();
    for (String word : Words.split(rest, escape)) {
      int equals = word.indexOf('=');
      String name = equals < 0 ? word : word.substring(0, equals);
      if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
        throw error(line, "ARG: not a name: " + name);
      }
      values.put(name, equals < 0 ? Optional.empty() : Optional.of(word.substring(equals + 1)));
    }
    return values;
  }

  /// `k=v ...`, or the old form `k all the rest`.
  private Map<String, String> pairs(int line, String word, String rest) {
    List<String> words = Words.split(rest, escape);
    Map<String, String> values = new LinkedHashMap<>();
    if (!words.getFirst().contains("=")) {
      String[] old = rest.split("\\s+", 2);
      if (old.length < 2) {
        throw error(line, word + " needs a value for " + old[0]);
      }
      return Map.of(old[0], old[1]);
    }
    for (String pair : words) {
      int equals = pair.indexOf('=');
      if (equals <= 0) {
        throw error(line, word + ": not NAME=VALUE: " + pair);
      }
      values.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
    return values;
  }

  private Instruction run(int line, String text, String rest) {
    if (rest.startsWith("--")) {
      throw error(line, "RUN " + rest.split("[=\\s]", 2)[0] + " is not supported");
    }
    refuseHeredoc(line, "RUN", rest);
    return new Instruction.Run(line, text, command(rest));
  }

  private void refuseHeredoc(int line, String word, String rest) {
    if (HEREDOC.matcher(rest).find()) {
      throw error(line, word + " with a here-document is not supported");
    }
  }

  private Instruction copy(int line, String text, String word, String rest) {
    refuseHeredoc(line, word, rest);
    int json = rest.indexOf('[');
    List<String> words =
        new ArrayList<>(
            Words.split(json >= 0 && rest.endsWith("]") ? rest.substring(0, json) : rest, escape));
    Map<String, String> flags =
        flags(
            line,
            word,
            words,
            word.equals("COPY") ? Set.of("from", "chown", "chmod") : Set.of("chown", "chmod"));
    if (json >= 0 && rest.endsWith("]")) {
      jsonList(rest.substring(json)).ifPresent(words::addAll);
    }
    if (words.size() < 2) {
      throw error(line, word + " needs at least one source and a target");
    }
    List<String> sources = words.subList(0, words.size() - 1);
    if (word.equals("ADD")
        && sources.stream().anyMatch(s -> s.matches("(https?|git|ssh)://.*|git@.*"))) {
      throw error(line, "ADD of a URL is not supported: only local files");
    }
    return new Instruction.Copy(
        line,
        text,
        word.equals("ADD"),
        List.copyOf(sources),
        words.getLast(),
        Optional.ofNullable(flags.get("from")),
        Optional.ofNullable(flags.get("chown")),
        Optional.ofNullable(flags.get("chmod")));
  }

  /// Takes the leading `--name=value` words out of the list.
  private Map<String, String> flags(int line, String word, List<String> words, Set<String> known) {
    Map<String, String> flags = new LinkedHashMap<>();
    while (!words.isEmpty() && words.getFirst().startsWith("--")) {
      String flag = words.removeFirst().substring(2);
      int equals = flag.indexOf('=');
      String name = equals < 0 ? flag : flag.substring(0, equals);
      if (!known.contains(name) || equals < 0) {
        throw error(line, word + " --" + name + " is not supported");
      }
      flags.put(name, flag.substring(equals + 1));
    }
    return flags;
  }

  private static Command command(String rest) {
    return jsonList(rest)
        .map(words -> new Command(words, false))
        .orElseGet(() -> new Command(List.of(rest), true));
  }

  /// What only looks like a JSON list is a shell command.
  private static Optional<List<String>> jsonList(String text) {
    if (!text.startsWith("[")) {
      return Optional.empty();
    }
    try {
      JsonNode node = Json.parse(text);
      boolean strings =
          node.isArray() && !node.isEmpty() && node.valueStream().allMatch(JsonNode::isString);
      return strings
          ? Optional.of(node.valueStream().map(JsonNode::asString).toList())
          : Optional.empty();
    } catch (JacksonException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
