package dev.berth.api.why;

import java.util.Optional;

/// What to do: a sentence, and the command that shows more.
record Remedy(String fix, Optional<String> command) {
  static Remedy of(String fix) {
    return new Remedy(fix, Optional.empty());
  }

  static Remedy of(String fix, String command) {
    return new Remedy(fix, Optional.of(command));
  }
}
