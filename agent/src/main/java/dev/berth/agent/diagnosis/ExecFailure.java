package dev.berth.agent.diagnosis;

import dev.berth.agent.linux.Errno;
import dev.berth.api.Reason;
import java.util.List;
import java.util.Optional;

/// Why the kernel would not run a command. Its error number alone misleads: ENOENT is also what it
/// says of a script whose interpreter is missing.
public final class ExecFailure {
  /// A program as it lies in the image.
  ///
  /// @param interpreter what the kernel needs to run it: the program of the `#!` line or the ELF
  ///   loader; empty when it needs none
  /// @param found what `interpreter` means in the image
  public record Program(
      String path, Kind kind, int mode, int uid, Optional<String> interpreter, Found found) {}

  /// What a file's first bytes say.
  public sealed interface Kind {
    record Elf(String machine) implements Kind {}

    record Script() implements Kind {}

    record Directory() implements Kind {}

    record Other() implements Kind {}
  }

  /// What an interpreter's name leads to.
  public sealed interface Found {
    record Nothing() implements Found {}

    record File(Program program) implements Found {}
  }

  /// What was to run, as whom and where.
  public record Attempt(
      String command, List<String> tried, int uid, String machine, Optional<Program> program) {
    public Attempt {
      tried = List.copyOf(tried);
    }
  }

  private ExecFailure() {}

  /// Empty when the error has no cause that an image could be blamed for.
  public static Optional<Diagnosis> diagnose(Attempt attempt, int errno) {
    if (attempt.program().isEmpty()) {
      return errno == Errno.ENOENT.number() || errno == Errno.ENOTDIR.number()
          ? Optional.of(notFound(attempt))
          : Optional.empty();
    }
    Program program = attempt.program().get();
    return directory(program)
        .or(() -> architecture(program, attempt.machine()))
        .or(() -> interpreter(program, errno))
        .or(() -> permission(program, attempt.uid(), errno))
        .or(() -> format(program, errno));
  }

  private static Diagnosis notFound(Attempt attempt) {
    String command = "the command " + attempt.command();
    if (attempt.command().contains("/")) {
      return new Diagnosis(Reason.COMMAND_NOT_FOUND, command + " is not in the image");
    }
    String where =
        attempt.tried().isEmpty()
            ? " is not looked for: PATH is empty: set it or give a full path"
            : " is in no directory of the image's PATH: " + dirs(attempt);
    return new Diagnosis(Reason.COMMAND_NOT_FOUND, command + where);
  }

  private static String dirs(Attempt attempt) {
    return String.join(
        ", ",
        attempt.tried().stream()
            .map(t -> t.substring(0, Math.max(1, t.lastIndexOf('/'))))
            .toList());
  }

  private static Optional<Diagnosis> directory(Program program) {
    return program.kind() instanceof Kind.Directory
        ? Optional.of(
            new Diagnosis(
                Reason.NOT_EXECUTABLE, "the command " + program.path() + " is a directory"))
        : Optional.empty();
  }

  private static Optional<Diagnosis> architecture(Program program, String host) {
    if (program.kind() instanceof Kind.Elf elf && !elf.machine().equals(host)) {
      return Optional.of(
          new Diagnosis(
              Reason.WRONG_ARCHITECTURE,
              program.path() + " is built for " + elf.machine() + ", and this host is " + host));
    }
    return program.found() instanceof Found.File f && program.kind() instanceof Kind.Script
        ? architecture(f.program(), host)
        : Optional.empty();
  }

  private static Optional<Diagnosis> interpreter(Program program, int errno) {
    boolean missing = program.interpreter().isPresent() && program.found() instanceof Found.Nothing;
    if (!missing || errno != Errno.ENOENT.number()) {
      return program.found() instanceof Found.File f && errno == Errno.ENOENT.number()
          ? interpreter(f.program(), errno)
          : Optional.empty();
    }
    String name = program.interpreter().orElseThrow();
    String what =
        program.kind() instanceof Kind.Elf
            ? program.path() + " needs the loader " + name + ", which is not in the image"
            : program.path()
                + " begins with #!"
                + name.strip()
                + (name.endsWith("\r")
                    ? " and a carriage return (Windows line ends), so that no interpreter is found"
                    : ", which is not in the image");
    return Optional.of(new Diagnosis(Reason.INTERPRETER_MISSING, what));
  }

  private static Optional<Diagnosis> permission(Program program, int uid, int errno) {
    if (errno != Errno.EACCES.number() && errno != Errno.EPERM.number()) {
      return Optional.empty();
    }
    String mode = "mode " + Integer.toOctalString((program.mode() & 07777) | 010000).substring(1);
    if ((program.mode() & 0111) == 0) {
      return Optional.of(
          new Diagnosis(
              Reason.NOT_EXECUTABLE, program.path() + " is not executable (" + mode + ")"));
    }
    if (program.found() instanceof Found.File f && (f.program().mode() & 0111) == 0) {
      return permission(f.program(), uid, errno);
    }
    return Optional.of(
        new Diagnosis(
            Reason.NO_PERMISSION,
            "user "
                + uid
                + " may not execute "
                + program.path()
                + " ("
                + mode
                + ", owner "
                + program.uid()
                + ", or a directory above it is closed)"));
  }

  private static Optional<Diagnosis> format(Program program, int errno) {
    return errno == Errno.ENOEXEC.number()
        ? Optional.of(
            new Diagnosis(
                Reason.NOT_EXECUTABLE,
                program.path() + " is neither a program nor a script with a #! line"))
        : Optional.empty();
  }
}
