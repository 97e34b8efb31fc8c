package dev.berth.cli.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class PlainTest {
  @ParameterizedTest
  @CsvSource({
    "2, 2, 2, 2, true",
    // the ready ones are of the template before
    "2, 2, 0, 2, false",
    "2, 3, 2, 3, false",
    "2, 2, 2, 1, false",
    // the status is of the generation before
    "1, 2, 2, 2, false"
  })
  void aDeploymentIsDoneWhenOnlyUpdatedReplicasAreLeftAndAllAreAvailable(
      int observed, int replicas, int updated, int available, boolean done) {
    JsonNode deployment =
        Json.parse(
            """
            {"metadata":{"generation":2},"spec":{"replicas":2},
             "status":{"observedGeneration":%d,"replicas":%d,"updatedReplicas":%d,
                       "readyReplicas":2,"availableReplicas":%d}}
            """
                .formatted(observed, replicas, updated, available));

    assertEquals(done, Plain.isDone(Kinds.DEPLOYMENT, deployment));
  }

  @ParameterizedTest
  @CsvSource({
    "2, False, ProgressDeadlineExceeded, true",
    "2, True, NewReplicaSetAvailable, false",
    // of the rollout before, which the controller has not looked away from yet
    "1, False, ProgressDeadlineExceeded, false"
  })
  void onlyTheDeadlineOfWhatIsWantedNowCounts(
      int observed, String status, String reason, boolean missed) {
    JsonNode deployment =
        Json.parse(
            """
            {"metadata":{"generation":2},"status":{"observedGeneration":%d,"conditions":[
              {"type":"Progressing","status":"%s","reason":"%s","message":"m",
               "lastTransitionTime":"2026-01-01T00:00:00Z"}]}}
            """
                .formatted(observed, status, reason));

    assertEquals(missed, Plain.missedDeadline(deployment).isPresent());
  }

  @Test
  void onlyThePodsOfTheYoungestReplicaSetCount() {
    JsonNode old = pod("old", "a", "2026-11-22T21:00:00Z");
    JsonNode young = pod("young", "b", "2026-11-22T22:00:00Z");

    assertEquals(List.of(young), NewestPods.of(List.of(old, young)));
    assertEquals(List.of(), NewestPods.of(List.of()));
  }

  private static JsonNode pod(String name, String owner, String created) {
    return Json.parse(
        "{\"metadata\":{\"name\":\"%s\",\"creationTimestamp\":\"%s\",\"ownerReferences\":[{\"uid\":\"%s\"}]}}"
            .formatted(name, created, owner));
  }
}
