package dev.berth.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.Reason;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// A reason that Berth can give is one that a test has made it give.
class CoverageTest {
  /// Named by the output of another command than `berth why`, and so without a reason in a status.
  private static final Set<Reason> SHOWN_OTHERWISE =
      EnumSet.of(
          Reason.PORT_TAKEN,
          Reason.KERNEL_FEATURE_MISSING,
          Reason.NODE_NOT_FOUND,
          Reason.INVALID_IMAGE_NAME,
          Reason.SELECTOR_MATCHES_NOTHING,
          Reason.NO_READY_REPLICA);

  /// Not induced here. Each has its tests in the module that gives it.
  private static final Set<Reason> NOT_INDUCED =
      EnumSet.of(
          Reason.REFUSED,
          Reason.CONTEXT_MISSING,
          Reason.BUILD_MISSING,
          Reason.NO_NODE,
          Reason.PID_PRESSURE,
          Reason.EVICTED);

  @Test
  void eachReasonIsInducedOrListedAsNotInduced() {
    Set<String> induced = Failures.EVERY.stream().map(Failure::reason).collect(Collectors.toSet());
    List<Reason> missing =
        Arrays.stream(Reason.values())
            .filter(reason -> !induced.contains(reason.text()))
            .filter(reason -> !SHOWN_OTHERWISE.contains(reason) && !NOT_INDUCED.contains(reason))
            .toList();
    List<Reason> listedInVain =
        NOT_INDUCED.stream().filter(reason -> induced.contains(reason.text())).toList();

    assertEquals(List.of(), missing);
    assertEquals(List.of(), listedInVain);
  }

  @Test
  void theSampleHasOneOfEachChapterLookAndRepair() {
    assertEquals(Failures.SAMPLE.size(), Failures.sample().size(), "a name that is not there");
    assertEquals(kinds(Failures.ALL), kinds(Failures.sample()));
  }

  private static Set<Object> kinds(List<Failure> failures) {
    return failures.stream()
        .flatMap(
            failure ->
                Stream.of(
                    failure.group(),
                    failure.look().getClass(),
                    failure.repair().<Object>map(Object::getClass).orElse("none")))
        .collect(Collectors.toSet());
  }
}
