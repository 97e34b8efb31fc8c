package dev.berth.api.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ResourceType;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class VersionsTest {
  private static final ResourceType V1 = Kinds.HORIZONTAL_POD_AUTOSCALER_V1;

  private static final String OLDER =
      """
      apiVersion: autoscaling/v1
      kind: HorizontalPodAutoscaler
      metadata: {name: h, namespace: shop}
      spec: {minReplicas: 1, maxReplicas: 5, scaleTargetRef: {kind: Deployment, name: web}, targetCPUUtilizationPercentage: 70}
      status: {currentReplicas: 2, desiredReplicas: 2, currentCPUUtilizationPercentage: 40}
      """;

  private static final String NEWER =
      """
      apiVersion: autoscaling/v2
      kind: HorizontalPodAutoscaler
      metadata: {name: h, namespace: shop}
      spec:
        minReplicas: 1
        maxReplicas: 5
        scaleTargetRef: {kind: Deployment, name: web}
        metrics:
        - {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}}
        - {type: Pods, pods: {metric: {name: qps}, target: {type: AverageValue, averageValue: 1k}}}
        behavior: {scaleDown: {selectPolicy: Disabled}}
      status:
        currentMetrics: [{type: Resource, resource: {name: cpu, current: {averageUtilization: 40, averageValue: 40m}}}]
        conditions: [{type: AbleToScale, status: "True"}]
      """;

  @Test
  void theOlderAutoscalersShareOfTheCpuIsAMetricOfTheNewer() {
    ObjectNode stored = Versions.toStorage(V1, Samples.yaml(OLDER));
    assertEquals("autoscaling/v2", Json.text(stored, "apiVersion"));
    assertEquals(
        "[{\"type\":\"Resource\",\"resource\":{\"name\":\"cpu\",\"target\":{\"type\":\"Utilization\",\"averageUtilization\":70}}}]",
        Json.string(Json.at(stored, "spec", "metrics")));
    assertEquals(List.of(), Schemas.of(Kinds.HORIZONTAL_POD_AUTOSCALER).unknownFields(stored));
    assertEquals(Samples.yaml(OLDER), Versions.fromStorage(V1, stored));
  }

  @Test
  void nothingOfTheNewerIsLostOnTheWayThroughTheOlder() {
    ObjectNode shown = Versions.fromStorage(V1, Samples.yaml(NEWER));
    assertEquals(70, Json.at(shown, "spec", "targetCPUUtilizationPercentage").asInt(0));
    assertEquals(List.of(), Schemas.of(V1).unknownFields(shown));
    assertEquals(List.of(), Schemas.of(V1).validate(shown));
    assertEquals(Samples.yaml(NEWER), Versions.toStorage(V1, shown));
  }

  @Test
  void whatSomebodyElseWroteIntoTheAnnotationIsLeft() {
    ObjectNode older = Samples.yaml(OLDER);
    Json.ensure(older, "metadata", "annotations")
        .put("autoscaling.alpha.kubernetes.io/metrics", "{not json");
    assertEquals(older.path("metadata"), Versions.toStorage(V1, older).path("metadata"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "metrics | [1,{\"x\":{}}]",
        "metrics | [{\"type\":\"Resource\",\"resource\":{\"name\":\"cpu\",\"targetAverageUtilization\":5}}]",
        "behavior | {\"scaleUp\":7}",
        "conditions | [{\"status\":{}}]",
        "current-metrics | [true]"
      })
  void whatNoTypedClientCouldReadStaysAnAnnotation(String name, String text) {
    ObjectNode older = Samples.yaml(OLDER);
    Json.ensure(older, "metadata", "annotations")
        .put("autoscaling.alpha.kubernetes.io/" + name, text);
    Json.ensure(older, "status").put("currentReplicas", 1).put("desiredReplicas", 1);
    ObjectNode stored = Versions.toStorage(V1, older);
    assertEquals(older.path("metadata"), stored.path("metadata"));
    assertEquals(1, Json.at(stored, "spec", "metrics").size());
  }

  @Test
  void bothVersionsHaveTheSameRow() {
    assertEquals(
        "h | Deployment/web | cpu: 40%/70% | 1 | 5 | 2 | <unknown>",
        Schemas.of(V1).columns().stream()
            .map(column -> String.valueOf(column.cell(Samples.yaml(OLDER), Instant.EPOCH)))
            .collect(Collectors.joining(" | ")));
  }

  @Test
  void anEventIsTheSameInBothGroups() {
    ObjectNode grouped =
        Samples.yaml(
            """
            apiVersion: events.k8s.io/v1
            kind: Event
            metadata: {name: e, namespace: shop}
            regarding: {kind: Pod, name: web, namespace: shop}
            note: it began
            reason: Started
            action: Starting
            type: Normal
            eventTime: "2026-01-01T00:00:00.000000Z"
            reportingController: example.com/c
            reportingInstance: c-1
            deprecatedCount: 2
            deprecatedSource: {component: c}
            """);
    assertEquals(List.of(), Schemas.of(Kinds.GROUPED_EVENT).validate(grouped));
    ObjectNode stored = Versions.toStorage(Kinds.GROUPED_EVENT, grouped);
    assertEquals("it began", Json.text(stored, "message"));
    assertEquals("web", Json.text(stored, "involvedObject", "name"));
    assertEquals(List.of(), Schemas.of(Kinds.EVENT).unknownFields(stored));
    assertEquals(grouped, Versions.fromStorage(Kinds.GROUPED_EVENT, stored));
    grouped.remove(List.of("action", "reportingController"));
    assertEquals(
        List.of("reportingController", "action"),
        Schemas.of(Kinds.GROUPED_EVENT).validate(grouped).stream().map(FieldError::field).toList());
  }

  @Test
  void kindsOfOneVersionAreStoredAsTheyAre() {
    ObjectNode pod = Samples.pod();
    assertSame(pod, Versions.toStorage(Kinds.POD, pod));
    assertSame(pod, Versions.fromStorage(Kinds.POD, pod));
    assertEquals(Kinds.POD, Versions.storage(Kinds.POD));
    assertEquals(Kinds.EVENT, Versions.storage(Kinds.GROUPED_EVENT));
  }
}
