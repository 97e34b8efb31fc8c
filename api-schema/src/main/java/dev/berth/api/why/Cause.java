package dev.berth.api.why;

import dev.berth.api.Layer;
import dev.berth.api.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// What is wrong with one object, and what to do.
///
/// @param reason one word, mostly of `Reason`; a condition's own word where nobody knows more
/// @param subject the object, such as `pod digits-model-r1-x7`
/// @param message the facts, without the fix
/// @param fix a sentence that tells what to do and names a field or a command; empty if nobody
///   needs to do anything
/// @param command a command that only shows more; one that does the fix is in its sentence
/// @param signal such as `SIGKILL`
public record Cause(
    String reason,
    String subject,
    String message,
    String fix,
    Optional<String> command,
    OptionalInt exitCode,
    Optional<String> signal,
    Optional<Instant> since,
    List<String> logTail) {

  public Cause {
    logTail = List.copyOf(logTail);
  }

  static Cause of(String reason, String subject, String message, Remedy remedy) {
    return new Cause(
        reason,
        subject,
        message,
        remedy.fix(),
        remedy.command(),
        OptionalInt.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  Cause at(Optional<Instant> time) {
    return new Cause(
        reason, subject, message, fix, command, exitCode, signal, time.or(() -> since), logTail);
  }

  Cause after(Ended ended) {
    return new Cause(
        reason,
        subject,
        message,
        fix,
        command,
        ended.exitCode(),
        ended.signal(),
        since,
        ended.logTail());
  }

  /// Without the last log line at the end of the message, where the log's tail has it too.
  Cause saidOnce() {
    String last = logTail.isEmpty() ? "" : ": " + logTail.getLast().strip();
    return last.length() > 2 && message.endsWith(last)
        ? new Cause(
            reason,
            subject,
            message.substring(0, message.length() - last.length()),
            fix,
            command,
            exitCode,
            signal,
            since,
            logTail)
        : this;
  }

  /// Later than everything known, where the word is nobody's.
  public Layer layer() {
    return Reason.of(reason).map(Reason::layer).orElse(Layer.APP);
  }
}
