package dev.berth.api.script;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// One instruction, with the line it starts on and its text as written (continuations joined).
///
/// Arguments are not expanded yet: that needs the values of the moment.
public sealed interface Instruction {
  int line();

  String text();

  record From(int line, String text, String image, Optional<String> name) implements Instruction {}

  /// Names with their defaults.
  record Arg(int line, String text, Map<String, Optional<String>> values) implements Instruction {}

  record Env(int line, String text, Map<String, String> values) implements Instruction {}

  record Label(int line, String text, Map<String, String> values) implements Instruction {}

  /// A command that changes the files of the image.
  ///
  /// @param command in shell form with its here-documents, so that the shell reads them
  /// @param program a here-document that is the whole command and names its interpreter: to be
  ///   written to a file and run; `command` is then its text
  record Run(
      int line,
      String text,
      Command command,
      List<Mount> mounts,
      List<Heredoc> heredocs,
      Optional<Heredoc> program)
      implements Instruction {}

  /// COPY, and ADD when `unpack` is set: it unpacks local archives.
  ///
  /// @param sources without the here-documents
  /// @param files here-documents that become files of their names
  /// @param link whether it asks for a layer that does not depend on those before; the same bytes
  ///   come out either way, unless the target is behind a link
  record Copy(
      int line,
      String text,
      boolean unpack,
      List<String> sources,
      List<Heredoc> files,
      String target,
      Optional<String> from,
      Optional<String> owner,
      Optional<String> mode,
      boolean link)
      implements Instruction {}

  record WorkDir(int line, String text, String directory) implements Instruction {}

  record User(int line, String text, String user) implements Instruction {}

  record Expose(int line, String text, List<String> ports) implements Instruction {}

  record Cmd(int line, String text, Command command) implements Instruction {}

  record Entrypoint(int line, String text, Command command) implements Instruction {}

  /// What runs the shell forms from here on, in RUN, CMD, ENTRYPOINT and HEALTHCHECK.
  record Shell(int line, String text, List<String> words) implements Instruction {}

  record StopSignal(int line, String text, String signal) implements Instruction {}

  /// Durations that are not given have the image format's defaults.
  ///
  /// @param command empty for NONE, which takes back what the base image asks for
  record HealthCheck(
      int line,
      String text,
      Optional<Command> command,
      Optional<Duration> interval,
      Optional<Duration> timeout,
      Optional<Duration> startPeriod,
      Optional<Duration> startInterval,
      OptionalInt retries)
      implements Instruction {}

  /// Kept in the image, and run by the builds that start FROM it: see `Script.triggers`.
  record OnBuild(int line, String text, String trigger) implements Instruction {}

  /// Exec form as it is, shell form behind a shell.
  record Command(List<String> words, boolean shell) {
    public static final List<String> DEFAULT_SHELL = List.of("/bin/sh", "-c");

    public Command {
      words = List.copyOf(words);
    }

    public List<String> argv(List<String> shellWords) {
      if (!shell) {
        return words;
      }
      List<String> argv = new ArrayList<>(shellWords);
      argv.add(words.getFirst());
      return List.copyOf(argv);
    }

    public List<String> argv() {
      return argv(DEFAULT_SHELL);
    }
  }
}
