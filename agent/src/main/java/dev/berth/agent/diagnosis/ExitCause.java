package dev.berth.agent.diagnosis;

import dev.berth.api.Reason;
import dev.berth.api.Signals;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Why a container ended, from its exit status, its cgroup and the last lines that it wrote.
///
/// The most certain witness is asked first: the kernel's counters, then the words of the last
/// lines, then the exit status alone.
public final class ExitCause {
  private static final int LINES = 6;
  private static final int LONGEST_LINE = 200;
  private static final int SHELL_SIGNAL = 128;
  private static final Pattern PROCESSES =
      Pattern.compile(
          "Resource temporarily unavailable|[Cc]an(no|')t fork|can't start new thread"
              + "|unable to create native thread");
  private static final Pattern FILES = Pattern.compile("Too many open files");
  private static final Pattern READ_ONLY = Pattern.compile("Read-only file system");
  private static final Pattern SPACE = Pattern.compile("No space left on device");
  private static final Pattern PERMISSION =
      Pattern.compile("[Pp]ermission denied|Operation not permitted|PermissionError");

  /// What is known of the end.
  ///
  /// @param processLimit 0 when there is none
  /// @param refusedForks how often the process limit was hit
  public record Ended(
      int code,
      int signal,
      Duration ran,
      boolean outOfMemory,
      long memoryLimit,
      long memoryPeak,
      long processLimit,
      long refusedForks,
      long openFiles,
      List<String> lastLines) {
    public Ended {
      lastLines = List.copyOf(lastLines);
    }

    private Optional<String> says(Pattern pattern) {
      return lastLines.reversed().stream()
          .filter(l -> !l.isBlank())
          .limit(LINES)
          .filter(l -> pattern.matcher(l).find())
          .findFirst()
          .map(ExitCause::shortened);
    }

    private Optional<String> lastLine() {
      return lastLines.reversed().stream()
          .filter(l -> !l.isBlank())
          .findFirst()
          .map(ExitCause::shortened);
    }
  }

  private ExitCause() {}

  public static Diagnosis of(Ended e) {
    if (e.code() == 0) {
      return new Diagnosis(
          Reason.EXITED_AT_ONCE,
          "the container ended by itself with exit code 0 after " + time(e.ran()));
    }
    return memory(e)
        .or(() -> processes(e))
        .or(() -> quoted(e, FILES, Reason.TOO_MANY_FILES, files(e)))
        .or(() -> quoted(e, SPACE, Reason.DISK_FULL, "no space is left for the container"))
        .or(() -> quoted(e, READ_ONLY, Reason.READ_ONLY_ROOT, "a read-only file system"))
        .or(() -> quoted(e, PERMISSION, Reason.NO_PERMISSION, "no permission"))
        .or(() -> signal(e))
        .orElseGet(() -> early(e));
  }

  private static Optional<Diagnosis> memory(Ended e) {
    return e.outOfMemory()
        ? Optional.of(
            new Diagnosis(
                Reason.OUT_OF_MEMORY,
                "the container ran out of memory: its limit is "
                    + bytes(e.memoryLimit())
                    + ", it had used "
                    + bytes(e.memoryPeak())))
        : Optional.empty();
  }

  private static Optional<Diagnosis> processes(Ended e) {
    Optional<String> line = e.says(PROCESSES);
    if (e.refusedForks() == 0) {
      return Optional.empty();
    }
    return Optional.of(
        new Diagnosis(
            Reason.TOO_MANY_PROCESSES,
            "the container wanted more than its "
                + e.processLimit()
                + " processes and threads; "
                + how(e)
                + line.map(l -> ": " + l).orElse("")));
  }

  private static String files(Ended e) {
    return "the container opened more than its " + e.openFiles() + " files";
  }

  private static Optional<Diagnosis> quoted(Ended e, Pattern words, Reason reason, String what) {
    return e.says(words).map(line -> new Diagnosis(reason, what + "; " + how(e) + ": " + line));
  }

  private static Optional<Diagnosis> signal(Ended e) {
    if (e.signal() > 0) {
      return Optional.of(
          new Diagnosis(
              Reason.KILLED_BY_SIGNAL,
              "the container was killed by "
                  + Signals.name(e.signal())
                  + " after "
                  + time(e.ran())));
    }
    return Optional.empty();
  }

  private static Diagnosis early(Ended e) {
    return new Diagnosis(
        Reason.EXITED_EARLY,
        "the container " + how(e) + e.lastLine().map(l -> ": " + l).orElse(""));
  }

  private static String how(Ended e) {
    int signal = e.signal() > 0 ? e.signal() : e.code() - SHELL_SIGNAL;
    String name = Signals.name(signal);
    if (e.signal() > 0) {
      return "it was killed by " + name + " after " + time(e.ran());
    }
    return "exited with code "
        + e.code()
        + (name.startsWith("SIG") ? " (a process was killed by " + name + ")" : "")
        + " after "
        + time(e.ran());
  }

  static String shortened(String line) {
    String clean = line.strip();
    return clean.length() <= LONGEST_LINE ? clean : clean.substring(0, LONGEST_LINE) + "...";
  }

  /// `0.3 s`, `42 s`, `3 min`.
  public static String time(Duration d) {
    if (d.toMillis() < 10_000) {
      return Math.max(0, d.toMillis() / 100) / 10.0 + " s";
    }
    return d.toSeconds() < 120 ? d.toSeconds() + " s" : d.toMinutes() + " min";
  }

  /// In the unit that leaves at least two digits.
  public static String bytes(long n) {
    if (n < 10L << 10) {
      return n + " bytes";
    }
    return n < 10L << 20
        ? (n >> 10) + " KiB"
        : n < 10L << 30 ? (n >> 20) + " MiB" : (n >> 30) + " GiB";
  }
}
