package dev.berth.api.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Digest;
import dev.berth.api.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ImageBuildTest {
  private static final ImageBuildSpec SPEC =
      new ImageBuildSpec(
          Digest.sha256(new byte[0]),
          "Dockerfile",
          Optional.empty(),
          Map.of("B", "2", "A", "1"),
          "shop/digits-model",
          Optional.empty());

  @Test
  void specSurvivesTheTree() {
    assertEquals(SPEC, ImageBuildSpec.read(SPEC.toTree()));
  }

  @Test
  void sameSpecIsTheSameBuildWhereverItRuns() {
    ImageBuildSpec placed =
        new ImageBuildSpec(
            SPEC.contextDigest(),
            SPEC.containerScript(),
            SPEC.target(),
            SPEC.args(),
            SPEC.repository(),
            Optional.of("n1"));
    assertEquals(SPEC.objectName("digits", "model"), placed.objectName("digits", "model"));
    assertTrue(SPEC.objectName("digits", "model").matches("digits-model-[0-9a-f]{10}"));
    assertTrue(SPEC.sameImage(placed));
    ImageBuildSpec other =
        new ImageBuildSpec(
            SPEC.contextDigest(),
            "Other",
            SPEC.target(),
            SPEC.args(),
            SPEC.repository(),
            Optional.empty());
    assertNotEquals(SPEC.objectName("digits", "model"), other.objectName("digits", "model"));
    assertFalse(SPEC.sameImage(other));
  }

  @Test
  void statusSurvivesTheTree() {
    ImageBuildStatus status =
        new ImageBuildStatus(
            ImageBuildStatus.Phase.FAILED,
            Optional.of(Digest.sha256(new byte[1])),
            Optional.of("shop/digits-model"),
            List.of(8080),
            Optional.of(Instant.parse("2026-01-01T00:00:00Z")),
            Optional.empty(),
            List.of(
                new ImageBuildStatus.Step(
                    1,
                    2,
                    3,
                    "RUN x",
                    false,
                    "first build",
                    Optional.of(Duration.ofMillis(1500)),
                    "Failed")),
            Optional.of(
                new ImageBuildStatus.Failure(
                    1, 3, "RUN x", OptionalInt.of(2), "exit code 2", List.of("boom"))));
    assertEquals(status, ImageBuildStatus.read(Json.parse(Json.bytes(status.toTree()))));
    assertEquals(ImageBuildStatus.NONE, ImageBuildStatus.read(Json.object()));
  }
}
