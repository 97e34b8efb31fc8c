package dev.berth.agent.diagnosis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.Reason;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExitCauseTest {
  private static Diagnosis ended(int code, int signal, String... lines) {
    return ExitCause.of(
        new ExitCause.Ended(
            code,
            signal,
            Duration.ofMillis(1230),
            false,
            64 << 20,
            20 << 20,
            100,
            0,
            1024,
            List.of(lines)));
  }

  @Test
  void aServerThatEndsWellHasEndedAllTheSame() {
    assertEquals(
        new Diagnosis(
            Reason.EXITED_AT_ONCE, "the container ended by itself with exit code 0 after 1.2 s"),
        ended(0, 0));
  }

  @Test
  void theLastLineIsPartOfTheMessage() {
    assertEquals(
        new Diagnosis(
            Reason.EXITED_EARLY,
            "the container exited with code 1 after 1.2 s: ModuleNotFoundError: No module named"
                + " 'fastapi'"),
        ended(1, 0, "Traceback:", "ModuleNotFoundError: No module named 'fastapi'", ""));
  }

  @Test
  void signalsHaveNames() {
    assertEquals(
        new Diagnosis(Reason.KILLED_BY_SIGNAL, "the container was killed by SIGSEGV after 1.2 s"),
        ended(139, 11));
    assertEquals(
        "the container exited with code 139 (a process was killed by SIGSEGV) after 1.2 s",
        ended(139, 0).message());
  }

  @Test
  void memorySaysLimitAndPeak() {
    Diagnosis d =
        ExitCause.of(
            new ExitCause.Ended(
                137, 9, Duration.ZERO, true, 64 << 20, 64 << 20, 100, 0, 1024, List.of()));
    assertEquals(
        new Diagnosis(
            Reason.OUT_OF_MEMORY,
            "the container ran out of memory: its limit is 64 MiB, it had used 64 MiB"),
        d);
  }

  @Test
  void aRefusedForkIsNamed() {
    Diagnosis d =
        ExitCause.of(
            new ExitCause.Ended(
                1,
                0,
                Duration.ZERO,
                false,
                0,
                0,
                100,
                3,
                1024,
                List.of("RuntimeError: can't start new thread")));
    assertEquals(Reason.TOO_MANY_PROCESSES, d.reason());
    assertEquals(
        "the container wanted more than its 100 processes and threads; exited with code 1 after"
            + " 0.0 s: RuntimeError: can't start new thread",
        d.message());
  }

  @Test
  void theKernelsWordsInTheLastLinesCount() {
    assertEquals(
        Reason.NO_PERMISSION,
        ended(1, 0, "PermissionError: [Errno 13] Permission denied: '/x'").reason());
    assertEquals(
        Reason.READ_ONLY_ROOT,
        ended(1, 0, "OSError: [Errno 30] Read-only file system: '/x'").reason());
    assertEquals(
        Reason.TOO_MANY_FILES, ended(1, 0, "OSError: [Errno 24] Too many open files").reason());
    assertEquals(Reason.DISK_FULL, ended(1, 0, "write: No space left on device").reason());
  }

  @Test
  void onlyTheLastLinesCount() {
    assertEquals(
        Reason.EXITED_EARLY,
        ended(1, 0, "Permission denied", "a", "b", "c", "d", "e", "boom").reason());
  }

  @Test
  void countersMakeNoOtherDiagnosis() {
    assertEquals(
        true,
        new Diagnosis(Reason.EXITED_EARLY, "after 1.2 s")
            .sameAs(new Diagnosis(Reason.EXITED_EARLY, "after 3.4 s")));
    assertEquals(
        false,
        new Diagnosis(Reason.EXITED_EARLY, "a").sameAs(new Diagnosis(Reason.EXITED_EARLY, "b")));
  }
}
