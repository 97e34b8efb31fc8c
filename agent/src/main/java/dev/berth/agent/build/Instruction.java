package dev.berth.agent.build;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One instruction, with the line it starts on and its text as written (continuations joined).
///
/// Arguments are not expanded yet: that needs the values of the moment.
sealed interface Instruction {
  int line();

  String text();

  record From(int line, String text, String image, Optional<String> name) implements Instruction {}

  /// Names with their defaults.
  record Arg(int line, String text, Map<String, Optional<String>> values) implements Instruction {}

  record Env(int line, String text, Map<String, String> values) implements Instruction {}

  record Label(int line, String text, Map<String, String> values) implements Instruction {}

  record Run(int line, String text, Command command) implements Instruction {}

  /// COPY, and ADD when `unpack` is set: it unpacks local archives.
  record Copy(
      int line,
      String text,
      boolean unpack,
      List<String> sources,
      String target,
      Optional<String> from,
      Optional<String> owner,
      Optional<String> mode)
      implements Instruction {}

  record WorkDir(int line, String text, String directory) implements Instruction {}

  record User(int line, String text, String user) implements Instruction {}

  record Expose(int line, String text, List<String> ports) implements Instruction {}

  record Cmd(int line, String text, Command command) implements Instruction {}

  record Entrypoint(int line, String text, Command command) implements Instruction {}

  /// Exec form as it is, shell form behind `/bin/sh -c`.
  record Command(List<String> words, boolean shell) {
    List<String> argv() {
      return shell ? List.of("/bin/sh", "-c", words.getFirst()) : words;
    }
  }
}
