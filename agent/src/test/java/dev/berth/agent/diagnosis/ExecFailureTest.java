package dev.berth.agent.diagnosis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.agent.linux.Errno;
import dev.berth.api.Reason;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExecFailureTest {
  private static Optional<Diagnosis> absent(List<String> tried) {
    return ExecFailure.diagnose(
        new ExecFailure.Attempt("serve", tried, 0, "x86_64", Optional.empty()),
        Errno.ENOENT.number());
  }

  @Test
  void aNameIsToldWhereItWasLookedFor() {
    assertEquals(
        Optional.of(
            new Diagnosis(
                Reason.COMMAND_NOT_FOUND,
                "the command serve is in no directory of the image's PATH: /bin, /usr/bin")),
        absent(List.of("/bin/serve", "/usr/bin/serve")));
  }

  @Test
  void aNameThatIsLookedForNowhereIsToldTheFix() {
    assertEquals(
        Optional.of(
            new Diagnosis(
                Reason.COMMAND_NOT_FOUND,
                "the command serve is not looked for: PATH is empty: set it or give a full path")),
        absent(List.of()));
  }
}
