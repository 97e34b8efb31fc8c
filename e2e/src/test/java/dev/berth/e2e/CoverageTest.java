package dev.berth.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.Reason;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// A reason that Berth can give is one that a test has made it give.
class CoverageTest {
  /// Named by the output of another command than `berth why NAME`, and so without a reason in a
  /// status: which failure shows it.
  private static final Map<Reason, String> SHOWN_OTHERWISE =
      Map.of(
          Reason.PORT_TAKEN, "port-taken",
          Reason.KERNEL_FEATURE_MISSING, "kernel-feature",
          Reason.SELECTOR_MATCHES_NOTHING, "lonely-service",
          Reason.NO_READY_REPLICA, "called-early");

  /// Not induced here. Each has its tests in the module that gives it.
  private static final Set<Reason> NOT_INDUCED =
      EnumSet.of(
          Reason.REFUSED,
          Reason.CONTEXT_MISSING,
          Reason.BUILD_MISSING,
          Reason.INVALID_IMAGE_NAME,
          Reason.NODE_NOT_FOUND,
          Reason.NO_NODE,
          Reason.PID_PRESSURE,
          Reason.EVICTED);

  @Test
  void eachReasonIsInducedOrListedAsNotInduced() {
    Set<String> induced = Failures.EVERY.stream().map(Failure::reason).collect(Collectors.toSet());
    List<Reason> missing =
        Arrays.stream(Reason.values())
            .filter(reason -> !induced.contains(reason.text()))
            .filter(reason -> !SHOWN_OTHERWISE.containsKey(reason) && !NOT_INDUCED.contains(reason))
            .toList();
    List<Reason> listedInVain =
        NOT_INDUCED.stream().filter(reason -> induced.contains(reason.text())).toList();

    assertEquals(List.of(), missing);
    assertEquals(List.of(), listedInVain);
  }

  @Test
  void whatAnotherCommandShowsIsInduced() {
    Set<String> names = Failures.EVERY.stream().map(Failure::name).collect(Collectors.toSet());

    assertEquals(
        List.of(),
        SHOWN_OTHERWISE.values().stream().filter(name -> !names.contains(name)).toList());
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
