package dev.berth.api.script;

import dev.berth.api.Json;
import dev.berth.api.Signals;
import dev.berth.api.script.Instruction.Command;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Reads one instruction. What has several things wrong with it says all of them where it can; a
/// `BadInstruction` ends the reading where it cannot.
final class InstructionParser {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Pattern STAGE = Pattern.compile("[a-z][a-z0-9_.-]*");
  private static final Pattern PORT =
      Pattern.compile("([0-9]{1,5})(-([0-9]{1,5}))?(/(tcp|udp|TCP|UDP))?");
  static final Set<String> WORDS =
      Set.of(
          "ADD",
          "ARG",
          "CMD",
          "COPY",
          "ENTRYPOINT",
          "ENV",
          "EXPOSE",
          "FROM",
          "HEALTHCHECK",
          "LABEL",
          "MAINTAINER",
          "ONBUILD",
          "RUN",
          "SHELL",
          "STOPSIGNAL",
          "USER",
          "VOLUME",
          "WORKDIR");
  private static final Map<String, String> REFUSED =
      Map.of(
          "VOLUME",
          "VOLUME is not supported: what a container writes goes with the container; remove the line",
          "MAINTAINER",
          "MAINTAINER is not supported: write LABEL org.opencontainers.image.authors=\"...\"");
  private static final Map<String, String> RUN_REFUSED =
      Map.of("device", "builds see no devices of the host");
  private static final Map<String, String> COPY_REFUSED =
      Map.of(
          "parents", "name each folder in a COPY of its own",
          "exclude", "name the files in .dockerignore");
  private static final String NO_URLS = "only local files can be added";
  private static final Map<String, String> ADD_REFUSED =
      Map.of(
          "checksum",
          NO_URLS,
          "keep-git-dir",
          NO_URLS,
          "unpack",
          "ADD unpacks local archives; COPY does not",
          "exclude",
          "name the files in .dockerignore");

  private final LogicalLine line;
  private final String text;
  private final char escape;
  private final Function<HeredocMark, Heredoc> documents;
  private final Flags.Complaints complaints;

  InstructionParser(
      LogicalLine line,
      char escape,
      Function<HeredocMark, Heredoc> documents,
      Flags.Complaints complaints) {
    this.line = line;
    this.text = line.text().stripTrailing();
    this.escape = escape;
    this.documents = documents;
    this.complaints = complaints;
  }

  Instruction instruction() {
    return at(0);
  }

  /// The instruction that starts at this offset.
  private Instruction at(int start) {
    int end = endOfWord(start);
    String written = text.substring(start, end);
    String word = Texts.upper(written);
    int rest = skipBlanks(end);
    if (REFUSED.containsKey(word)) {
      throw new BadInstruction(start, String.valueOf(REFUSED.get(word)));
    }
    if (!WORDS.contains(word)) {
      throw new BadInstruction(
          start, "unknown instruction " + Texts.cut(written) + Texts.nearest(word, WORDS, ""));
    }
    if (rest >= text.length()) {
      throw new BadInstruction(start, word + " needs an argument");
    }
    return new Reader(start, word, rest).read();
  }

  private int endOfWord(int start) {
    int end = start;
    while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private int skipBlanks(int from) {
    int at = from;
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  /// What only looks like a JSON list is a shell command.
  private static Optional<List<String>> jsonList(String text) {
    if (!text.startsWith("[")) {
      return Optional.empty();
    }
    try {
      JsonNode node = Json.parse(text);
      boolean strings = node.isArray() && node.valueStream().allMatch(JsonNode::isString);
      return strings
          ? Optional.of(node.valueStream().map(JsonNode::asString).toList())
          : Optional.empty();
    } catch (JacksonException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// One instruction whose keyword is known; its arguments start at `from`.
  private final class Reader {
    private final int start;
    private final String word;
    private final int from;
    private final int number;

    Reader(int start, String word, int from) {
      this.start = start;
      this.word = word;
      this.from = from;
      this.number = line.firstLine();
    }

    Instruction read() {
      return switch (word) {
        case "FROM" -> from();
        case "ARG" -> arg();
        case "ENV" -> new Instruction.Env(number, text, pairs());
        case "LABEL" -> new Instruction.Label(number, text, pairs());
        case "RUN" -> run();
        case "COPY", "ADD" -> copy();
        case "WORKDIR" -> new Instruction.WorkDir(number, text, checked(text.substring(from)));
        case "USER" -> new Instruction.User(number, text, single());
        case "EXPOSE" -> expose();
        case "CMD" -> new Instruction.Cmd(number, text, command(from));
        case "ENTRYPOINT" -> new Instruction.Entrypoint(number, text, command(from));
        case "SHELL" -> shell();
        case "STOPSIGNAL" -> stopSignal();
        case "HEALTHCHECK" -> healthCheck();
        default -> onBuild();
      };
    }

    private List<Word> words() {
      return new ArrayList<>(Word.split(text, from, escape));
    }

    private BadInstruction bad(Word at, String message) {
      return new BadInstruction(at.offset(), message);
    }

    private String checked(String whole) {
      Words.check(new Word(whole, from), escape);
      return whole;
    }

    private String checked(Word checked) {
      Words.check(checked, escape);
      return checked.text();
    }

    private String single() {
      List<Word> words = words();
      if (words.size() != 1) {
        throw bad(words.get(1), word + " takes one argument");
      }
      return checked(words.getFirst());
    }

    private Instruction from() {
      List<Word> words = words();
      Flags flags = Flags.take(word, words, Set.of("platform"), Map.of(), complaints);
      String platform = flags.value("platform").orElse("linux/amd64");
      if (!platform.equals("linux/amd64") && !platform.contains("$")) {
        flags
            .one("platform")
            .ifPresent(
                flag ->
                    complaints.add(
                        flag.valueOffset(),
                        "FROM --platform="
                            + Texts.cut(platform)
                            + " is not supported: builds are for linux/amd64"));
      }
      if (words.isEmpty()) {
        throw new BadInstruction(start, "FROM needs an image");
      }
      boolean named = words.size() == 3 && words.get(1).text().equalsIgnoreCase("AS");
      if (words.size() != 1 && !named) {
        throw bad(words.get(1), "FROM takes an image and, optionally, AS and a name");
      }
      String image = checked(words.getFirst());
      return new Instruction.From(
          number, text, image, named ? Optional.of(stageName(words.get(2))) : Optional.empty());
    }

    private String stageName(Word name) {
      String low = name.text().toLowerCase(Locale.ROOT);
      if (!STAGE.matcher(low).matches()) {
        throw bad(
            name,
            "not a stage's name: "
                + Texts.cut(name.text())
                + " (a letter, then letters, digits, - _ .)");
      }
      return low;
    }

    private Instruction arg() {
      Map<String, Optional<String>> values = new LinkedHashMap<>();
      for (Word pair : words()) {
        int equals = pair.text().indexOf('=');
        String name = equals < 0 ? pair.text() : pair.text().substring(0, equals);
        if (!NAME.matcher(name).matches()) {
          throw bad(pair, "ARG: not a name: " + Texts.cut(name));
        }
        String all = checked(pair);
        values.put(name, equals < 0 ? Optional.empty() : Optional.of(all.substring(equals + 1)));
      }
      return new Instruction.Arg(number, text, values);
    }

    /// `k=v ...`, or the old form `k all the rest`.
    private Map<String, String> pairs() {
      int end = endOfWord(from);
      String first = text.substring(from, end);
      if (!first.contains("=") && !first.startsWith("\"") && !first.startsWith("'")) {
        int value = skipBlanks(end);
        if (value >= text.length()) {
          throw new BadInstruction(
              from, word + " needs a value: " + word + " " + Texts.cut(first) + "=VALUE");
        }
        Words.check(new Word(text.substring(value), value), escape);
        return Map.of(first, text.substring(value));
      }
      Map<String, String> values = new LinkedHashMap<>();
      for (Word pair : words()) {
        int equals = pair.text().indexOf('=');
        if (equals <= 0) {
          throw bad(
              pair,
              word
                  + ": not NAME=VALUE: "
                  + Texts.cut(pair.text())
                  + "; a value with blanks needs quotes");
        }
        String all = checked(pair);
        values.put(all.substring(0, equals), all.substring(equals + 1));
      }
      return values;
    }

    private Instruction expose() {
      List<Word> words = words();
      for (Word port : words) {
        checked(port);
        var form = PORT.matcher(port.text());
        boolean valid = form.matches() && Integer.parseInt(form.group(1)) <= 65535;
        if (!valid && !port.text().contains("$")) {
          complaints.add(
              port.offset(), "EXPOSE: not a port: " + Texts.cut(port.text()) + " (8080, 8080/udp)");
        }
      }
      return new Instruction.Expose(number, text, words.stream().map(Word::text).toList());
    }

    // ---- commands

    private Command command(int at) {
      String rest = text.substring(at);
      return jsonList(rest)
          .map(
              words -> {
                if (words.isEmpty() && !word.equals("CMD") && !word.equals("ENTRYPOINT")) {
                  throw new BadInstruction(at, word + " needs a command");
                }
                return new Command(words, false);
              })
          .orElseGet(() -> new Command(List.of(rest), true));
    }

    private List<Heredoc> documents(int at) {
      return Word.splitShell(text, at, escape).stream()
          .flatMap(w -> HeredocMark.of(w).stream())
          .map(documents)
          .toList();
    }

    private Instruction run() {
      List<Heredoc> read = documents(from);
      List<Word> words = new ArrayList<>(Word.splitShell(text, from, escape));
      Flags flags =
          Flags.take(word, words, Set.of("mount", "network", "security"), RUN_REFUSED, complaints);
      only(flags, "network", "default", "a step has the network of all builds");
      only(flags, "security", "sandbox", "a step never has more rights than a container");
      List<Mount> mounts =
          flags.all("mount").stream()
              .flatMap(flag -> MountParser.parse(flag, complaints).stream())
              .toList();
      if (words.isEmpty()) {
        throw new BadInstruction(start, "RUN needs a command");
      }
      int at = words.getFirst().offset();
      boolean alone = words.size() == 1 && HeredocMark.of(words.getFirst()).isPresent();
      if (alone) {
        Heredoc only = read.getFirst();
        return new Instruction.Run(
            number,
            text,
            new Command(List.of(only.content()), true),
            mounts,
            read,
            Optional.of(only).filter(Heredoc::isProgram));
      }
      Command command = command(at);
      return new Instruction.Run(
          number,
          text,
          command.shell() ? new Command(List.of(withDocuments(at, read)), true) : command,
          mounts,
          read,
          Optional.empty());
    }

    /// As a shell reads it.
    private String withDocuments(int at, List<Heredoc> read) {
      StringBuilder all = new StringBuilder(text.substring(at));
      for (Heredoc document : read) {
        all.append('\n').append(document.content()).append(document.name());
      }
      return read.isEmpty() ? all.toString() : all.append('\n').toString();
    }

    private void only(Flags flags, String name, String allowed, String why) {
      flags
          .value(name)
          .filter(value -> !value.equals(allowed))
          .ifPresent(
              value ->
                  complaints.add(
                      flags.all(name).getFirst().word().offset(),
                      "RUN --" + name + "=" + Texts.cut(value) + " is not supported: " + why));
    }

    private Instruction shell() {
      return jsonList(text.substring(from))
          .filter(words -> !words.isEmpty())
          .map(words -> new Instruction.Shell(number, text, words))
          .orElseThrow(
              () ->
                  new BadInstruction(
                      from, "SHELL takes a JSON list: SHELL [\"/bin/bash\", \"-c\"]"));
    }

    private Instruction stopSignal() {
      String signal = single();
      if (!signal.contains("$") && Signals.number(signal).isEmpty()) {
        throw new BadInstruction(
            from, "STOPSIGNAL: not a signal: " + Texts.cut(signal) + " (SIGTERM, 15)");
      }
      return new Instruction.StopSignal(number, text, signal);
    }

    private Instruction healthCheck() {
      List<Word> words = new ArrayList<>(Word.splitShell(text, from, escape));
      return HealthChecks.read(number, text, words, complaints, this::command);
    }

    private Instruction onBuild() {
      int end = endOfWord(from);
      String inner = Texts.upper(text.substring(from, end));
      if (Set.of("ONBUILD", "FROM", "MAINTAINER").contains(inner)) {
        throw new BadInstruction(from, "ONBUILD " + inner + " is not allowed");
      }
      List<Heredoc> read = new ArrayList<>();
      InstructionParser parser =
          new InstructionParser(
              line,
              escape,
              mark -> {
                Heredoc document = documents.apply(mark);
                read.add(document);
                return document;
              },
              complaints);
      parser.at(from);
      return new Instruction.OnBuild(number, text, withDocuments(from, read).stripTrailing());
    }

    // ---- COPY and ADD

    private Instruction copy() {
      boolean add = word.equals("ADD");
      List<Heredoc> files = documents(from);
      int json = listStart();
      List<Word> words =
          new ArrayList<>(Word.split(json < 0 ? text : text.substring(0, json), from, escape));
      Flags flags =
          Flags.take(
              word,
              words,
              add ? Set.of("chown", "chmod", "link") : Set.of("from", "chown", "chmod", "link"),
              add ? ADD_REFUSED : COPY_REFUSED,
              complaints);
      if (json >= 0) {
        jsonList(text.substring(json))
            .ifPresent(list -> list.forEach(name -> words.add(new Word(name, json))));
      }
      if (words.size() < 2) {
        throw new BadInstruction(start, word + " needs at least one source and a target");
      }
      words.forEach(this::checked);
      List<Word> sources = words.subList(0, words.size() - 1);
      if (add) {
        sources.forEach(this::refuseUrl);
      }
      Optional<String> mode = flags.value("chmod");
      mode.filter(m -> !m.contains("$") && !m.matches("[0-7]{3,4}"))
          .ifPresent(
              m ->
                  complaints.add(
                      flags.all("chmod").getFirst().valueOffset(),
                      "--chmod=" + Texts.cut(m) + ": only octal modes are supported, such as 755"));
      return new Instruction.Copy(
          number,
          text,
          add,
          sources.stream()
              .filter(source -> json >= 0 || HeredocMark.of(source).isEmpty())
              .map(Word::text)
              .toList(),
          files,
          words.getLast().text(),
          flags.value("from"),
          flags.value("chown"),
          mode,
          flags.isOn("link"));
    }

    /// Where the JSON form of the arguments starts, behind the flags; -1 in the other form.
    private int listStart() {
      int at = from;
      while (text.startsWith("--", at)) {
        at = skipBlanks(endOfWord(at));
      }
      return at < text.length()
              && text.charAt(at) == '['
              && jsonList(text.substring(at)).isPresent()
          ? at
          : -1;
    }

    private void refuseUrl(Word source) {
      if (source.text().matches("(?s)(https?|git|ssh)://.*|git@.*")) {
        complaints.add(
            source.offset(), "ADD of a URL is not supported: " + NO_URLS + "; use RUN with curl");
      }
    }
  }
}
