package dev.berth.e2e;

import dev.berth.e2e.Failure.Group;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// `docs/failures.md`: the catalogue and its golden files as one page.
final class FailuresPage {
  private static final String HEAD =
      """
      # What can fail, and what you see then

      Every failure on this page is made to happen in the end-to-end tests, and what the command prints is compared with the
      text below; names of pods, digests, addresses and times are made equal. The page is made from the tests' golden files. An
      ordinary run takes a sample of each chapter (`FailuresIT`) and the host's (`HostFailuresIT`), a long one all
      (`AllFailuresIT`).

      `berth why NAME` starts with the root cause, says what follows from it, and ends with the fix. Its exit code is 1 while
      something is wrong. "Repaired" means: the test applied the fix that the text names, and the app became Ready.

      """;

  private FailuresPage() {}

  static String text() {
    return HEAD
        + contents()
        + Arrays.stream(Group.values()).map(FailuresPage::chapter).collect(Collectors.joining());
  }

  private static List<Failure> of(Group group) {
    return Failures.EVERY.stream().filter(failure -> failure.group() == group).toList();
  }

  private static String contents() {
    return Arrays.stream(Group.values())
        .map(
            group ->
                "- "
                    + group.title
                    + ": "
                    + of(group).stream()
                        .map(f -> "[" + f.name() + "](#" + f.name() + ")")
                        .collect(Collectors.joining(", "))
                    + "\n")
        .collect(Collectors.joining());
  }

  private static String chapter(Group group) {
    return "\n## "
        + group.title
        + "\n"
        + of(group).stream().map(FailuresPage::paragraph).collect(Collectors.joining());
  }

  private static String paragraph(Failure failure) {
    return "\n### "
        + failure.name()
        + "\n\n"
        + failure.title()
        + (failure.repair().isPresent() ? ". Repaired." : ".")
        + "\n\n```\n"
        + golden(failure)
        + "```\n";
  }

  private static String golden(Failure failure) {
    try {
      return Files.readString(Transcript.file(failure.name()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
