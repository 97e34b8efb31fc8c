package dev.berth.api.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class InitContainersTest {
  private static final String TWO = "[{name: a, image: i}, {name: b, image: i}]";
  private static final String SIDECAR =
      "[{name: a, image: i, restartPolicy: Always}, {name: b, image: i}]";

  private static ObjectNode pod(String initContainers) {
    ObjectNode pod = Samples.pod();
    Json.ensure(pod, "spec")
        .set("initContainers", Samples.yaml("{c: " + initContainers + "}").path("c"));
    return pod;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[{name: web, image: i}] | spec.containers[0].name: Duplicate value: \"web\"",
        "[{name: a, image: i, livenessProbe: {exec: {command: [a]}}}] | spec.initContainers[0].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always",
        "[{name: a, image: i, restartPolicy: Never}] | spec.initContainers[0].restartPolicy: Unsupported value: \"Never\": supported values: \"Always\"",
        "[{name: a, image: i, terminationMessagePath: a}] | spec.initContainers[0].terminationMessagePath: Invalid value: \"a\": must be an absolute path",
        "[{name: a, image: i, volumeMounts: [{name: v, mountPath: /v}]}] | spec.initContainers[0].volumeMounts[0].name: Not found: \"v\""
      })
  void whatIsWrongIsSaidInKubernetesWords(String initContainers, String expected) {
    assertEquals(
        List.of(expected),
        Schemas.of(Kinds.POD).validate(pod(initContainers)).stream()
            .map(FieldError::toString)
            .toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[{name: a, state: {running: {}}}, {name: b, state: {waiting: {reason: PodInitializing}}}] | 0/1 Init:0/2 0",
        "[{name: a, restartCount: 2, state: {terminated: {exitCode: 0}}}, {name: b, restartCount: 1, state: {running: {}}}] | 0/1 Init:1/2 3",
        "[{name: a, state: {terminated: {exitCode: 1, reason: Error}}}, {name: b}] | 0/1 Init:Error 0",
        "[{name: a, state: {terminated: {exitCode: 3}}}, {name: b}] | 0/1 Init:ExitCode:3 0",
        "[{name: a, state: {terminated: {exitCode: 137, signal: 9}}}, {name: b}] | 0/1 Init:Signal:9 0",
        "[{name: a, restartCount: 4, state: {waiting: {reason: CrashLoopBackOff}}}, {name: b}] | 0/1 Init:CrashLoopBackOff 4"
      })
  void aPodThatBeginsSaysHowFarItIs(String statuses, String row) {
    assertEquals(row, row(pod(TWO), statuses, "Pending"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[{name: a, started: true, ready: true, restartCount: 1, state: {running: {}}}, {name: b, restartCount: 5, state: {terminated: {exitCode: 0}}}] | 1/2 Running 1",
        "[{name: a, started: true, state: {running: {}}}, {name: b, restartCount: 5, state: {running: {}}}] | 0/2 Init:1/2 5"
      })
  void sidecarsCountAmongTheContainers(String statuses, String row) {
    assertEquals(row, row(pod(SIDECAR), statuses, "Running"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{postStart: {}} | postStart: Required value: must specify a handler type",
        "{preStop: {exec: {command: [a]}, sleep: {seconds: 1}}} | preStop: Forbidden: may not specify more than 1 handler type",
        "{preStop: {exec: {}}} | preStop.exec.command: Required value",
        "{preStop: {sleep: {seconds: 31}}} | preStop.sleep.seconds: Invalid value: 31: must be greater than or equal to 0 and less than or equal to terminationGracePeriodSeconds (30)"
      })
  void aHookDoesOneThing(String lifecycle, String expected) {
    assertEquals(
        List.of("spec.initContainers[0].lifecycle." + expected),
        Schemas.of(Kinds.POD)
            .validate(
                pod("[{name: a, image: i, restartPolicy: Always, lifecycle: " + lifecycle + "}]"))
            .stream()
            .map(FieldError::toString)
            .toList());
  }

  @Test
  void aDeadlineMayOnlyComeNearer() {
    ObjectNode old = pod("[]");
    Json.ensure(old, "spec").put("activeDeadlineSeconds", 10);
    ObjectNode later = old.deepCopy();
    Json.ensure(later, "spec").put("activeDeadlineSeconds", 11);
    ObjectNode nearer = old.deepCopy();
    Json.ensure(nearer, "spec").put("activeDeadlineSeconds", 9);
    KindSchema pods = Schemas.of(Kinds.POD);
    assertEquals(List.of(), pods.validateUpdate(old, nearer));
    assertEquals(
        "spec.activeDeadlineSeconds: Invalid value: 11: must be less than or equal to previous value",
        pods.validateUpdate(old, later).getFirst().toString());
  }

  private static String row(ObjectNode pod, String statuses, String phase) {
    Json.ensure(pod, "status")
        .put("phase", phase)
        .set("initContainerStatuses", Samples.yaml("{s: " + statuses + "}").path("s"));
    List<String> cells =
        Schemas.of(Kinds.POD).columns().stream()
            .map(column -> String.valueOf(column.cell(pod, Instant.EPOCH)))
            .toList();
    return String.join(" ", cells.subList(1, 4));
  }
}
