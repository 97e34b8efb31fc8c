package dev.berth.api.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.ImageRef;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.LabelSelector;
import dev.berth.api.Names;
import dev.berth.api.codec.ManifestException;
import dev.berth.api.codec.Manifests;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Input that wants to cost more than it is long. What was once found here stays here.
class HostileTest {
  private static final Duration SOON = Duration.ofSeconds(15);

  @Test
  void fewLongNamesAroundManyValuesDoNotFillTheMemory() {
    String yaml = ("? " + "k".repeat(100_000) + "\n: [" + "1,".repeat(50_000) + "1]\n");
    ManifestException e =
        assertTimeoutPreemptively(
            SOON,
            () ->
                assertThrows(
                    ManifestException.class,
                    () -> Manifests.parse("a.yaml", yaml.getBytes(UTF_8))));
    assertTrue(String.valueOf(e.getMessage()).length() < 1000);
  }

  @Test
  void listOfManyObjectsIsNotSquare() {
    StringBuilder list = new StringBuilder("kind: List\napiVersion: v1\nitems:\n");
    list.repeat("- {kind: ConfigMap, metadata: {name: a}}\n", 40_000);
    assertTimeoutPreemptively(
        SOON,
        () ->
            assertEquals(
                40_000, Manifests.parse("a.yaml", list.toString().getBytes(UTF_8)).size()));
  }

  @Test
  void manyUnknownFieldsAreNotAllSpelled() {
    ObjectNode pod = Samples.pod();
    ObjectNode spec = Json.ensure(pod, "spec");
    for (int i = 0; i < 100_000; i++) {
      spec.put("restartPolicies" + i, i);
    }
    List<FieldError> errors =
        assertTimeoutPreemptively(SOON, () -> Schemas.of(Kinds.POD).unknownFields(pod));
    assertEquals(TreeCheck.MAX_ERRORS, errors.size());
  }

  @Test
  void manyWrongLabelsMakeAShortAnswer() {
    ObjectNode pod = Samples.pod();
    for (int i = 0; i < 50_000; i++) {
      Json.ensure(pod, "metadata", "labels").put("k" + i, "-".repeat(50));
    }
    Json.ensure(pod, "metadata", "labels").put("big", "-".repeat(1 << 20));
    List<FieldError> errors =
        assertTimeoutPreemptively(SOON, () -> Schemas.of(Kinds.POD).validate(pod));
    assertEquals(TreeCheck.MAX_ERRORS, errors.size());
    assertTrue(errors.toString().length() < 200_000);
  }

  @Test
  void orderOfManyElementsIsNotSquare() {
    ObjectNode base = Json.object();
    ArrayNode values = Json.ensure(base, "metadata").putArray("finalizers");
    ArrayNode order = Json.array();
    for (int i = 0; i < 50_000; i++) {
      values.add("f" + i);
      order.add("f" + (49_999 - i));
    }
    ObjectNode patch = Json.object();
    Json.ensure(patch, "metadata").set("$setElementOrder/finalizers", order);
    ObjectNode result =
        assertTimeoutPreemptively(
            SOON, () -> StrategicMerge.apply(base, patch, Schemas.of(Kinds.POD).root()));
    assertEquals(order, Json.at(result, "metadata", "finalizers"));
  }

  @Test
  void patternsDoNotBacktrackForEver() {
    String spaces = " ".repeat(200_000);
    assertTimeoutPreemptively(
        SOON,
        () -> {
          assertThrows(IllegalArgumentException.class, () -> LabelSelector.parse(spaces + "!"));
          assertTrue(ImageRef.tryParse("a-".repeat(500) + "/x!").isEmpty());
          assertTrue(!Names.isDnsSubdomain("a".repeat(1 << 20)));
          assertTrue(!Names.isQualified("a".repeat(1 << 20)));
        });
  }

  @Test
  void numbersAtTheEdgesAreErrorsNotExceptions() {
    for (String number :
        List.of(
            "1e308", "99999999999999999999999", "-1", "1.5", "2147483648", "9223372036854775807")) {
      ObjectNode deployment = Samples.deployment();
      Json.ensure(deployment, "spec").set("replicas", Json.parse(number));
      Schemas.of(Kinds.DEPLOYMENT).applyDefaults(deployment);
      Schemas.of(Kinds.DEPLOYMENT).validate(deployment);
      Schemas.of(Kinds.DEPLOYMENT)
          .columns()
          .forEach(c -> c.cell(deployment, java.time.Instant.EPOCH));
    }
  }
}
