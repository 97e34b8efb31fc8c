package dev.berth.api.modelapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import dev.berth.api.codec.Manifests;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelAppTest {

  private static ModelApp read(String spec) {
    String yaml =
        "apiVersion: berth.dev/v1alpha1\nkind: ModelApp\nmetadata: {name: digits, namespace: shop, generation: 3}\nspec: "
            + spec;
    return ModelApp.read(
        Manifests.parse("a.yaml", yaml.getBytes(StandardCharsets.UTF_8)).getFirst().tree());
  }

  @Test
  void defaultsAreAppliedOnReading() {
    ModelApp app = read("{model: {image: x}}");
    EndpointSpec endpoint = app.spec().endpoint();
    assertEquals(
        new EndpointSpec("model", Protocol.AUTO, "digits", "", Duration.ofSeconds(30)), endpoint);
    assertEquals(new ScaleSpec.Range(1, 1), app.spec().scale().model());
    assertEquals(OptionalInt.empty(), app.spec().model().workload().port());
    assertEquals(0, app.spec().model().concurrency());
    assertEquals(Duration.ofMinutes(2), app.spec().model().workload().health().startupTimeout());
    assertTrue(app.spec().app().isEmpty() && app.spec().ingress().isEmpty());
    assertEquals("http://digits-model.shop.svc.cluster.local", app.endpointUrl());
    assertEquals(3, app.generation());
  }

  @Test
  void everyFieldIsRead() {
    ModelApp app =
        read(
            """

              model:
                build: {context: model, target: serve, args: {A: "1"}}
                version: "1.4"
                port: 8080
                command: [a]
                args: [b]
                env: [{name: X, value: "1"}]
                concurrency: 8
                health: {ready: {path: /r}, live: {path: /l}, startupTimeout: 500ms}
              endpoint: {name: predict, protocol: open-inference, modelName: iris, basePath: /v/, timeouts: {request: 5s}}
              app: {image: web, endpointEnv: IRIS}
              scale: {model: {max: 2}, app: {min: 3}}
              ingress: {host: a.localhost}
            """);
    Workload model = app.spec().model().workload();
    assertEquals(
        new Source.Build("model", "Dockerfile", Optional.of("serve"), Map.of("A", "1")),
        model.source());
    assertEquals(OptionalInt.of(8080), model.port());
    assertEquals(List.of("a"), model.command());
    assertEquals(
        new HealthSpec(Optional.of("/r"), Optional.of("/l"), Duration.ofMillis(500)),
        model.health());
    assertEquals(Optional.of("/v/v2/models/iris/infer"), app.spec().endpoint().predictPath());
    assertEquals(new ScaleSpec.Range(2, 2), app.spec().scale().model());
    assertEquals(new ScaleSpec.Range(3, 3), app.spec().scale().app());
    assertEquals("IRIS", app.spec().app().orElseThrow().endpointEnv());
    assertEquals(new IngressSpec("a.localhost", "/"), app.spec().ingress().orElseThrow());
  }

  @ParameterizedTest
  @CsvSource({"/a/, /a", "/a//, /a", "/a, /a", "/a/b/, /a/b", "/, /", "//, /"})
  void slashAtTheEndOfAnIngressPathSaysNothing(String written, String read) {
    ModelApp app =
        read(
            "{model: {image: x}, app: {image: y}, ingress: {host: a.localhost, path: "
                + written
                + "}}");
    assertEquals(read, app.spec().ingress().orElseThrow().path());
  }

  @Test
  void podTemplateIsMergedIntoThePod() {
    Workload workload =
        read("{model: {image: x, podTemplate: {nodeSelector: {disk: ssd}, containers: [{name: model, workingDir: /srv}]}}}")
            .spec()
            .model()
            .workload();
    assertEquals(
        "{\"containers\":[{\"name\":\"model\",\"image\":\"x\",\"workingDir\":\"/srv\"}],\"nodeSelector\":{\"disk\":\"ssd\"}}",
        Json.string(
            workload.patched(
                Json.parseObject("{\"containers\":[{\"name\":\"model\",\"image\":\"x\"}]}"))));
  }
}
