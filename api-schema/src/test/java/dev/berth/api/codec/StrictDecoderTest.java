package dev.berth.api.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class StrictDecoderTest {

  private static String check(String yaml) {
    return Manifests.parse("modelapp.yaml", yaml.getBytes(UTF_8)).stream()
        .flatMap(manifest -> StrictDecoder.check(manifest).stream())
        .map(Problem::toString)
        .collect(Collectors.joining("\n"));
  }

  @Test
  void goodManifestHasNoProblems() {
    assertEquals(
        "",
        check(
            """
            apiVersion: berth.dev/v1alpha1
            kind: ModelApp
            metadata:
              name: digits
            spec:
              model:
                build: {context: model}
              endpoint:
                protocol: open-inference
              app:
                build: {context: app}
              ingress:
                host: digits.localhost
            """));
  }

  @Test
  void everyProblemIsReportedAtOnceInTheOrderOfTheText() {
    assertEquals(
        """
        modelapp.yaml:3:1 metadata.name: Required value: name or generateName is required
        modelapp.yaml:4:3 metadata.nam: unknown field; did you mean "name"?
        modelapp.yaml:6:3 spec.model: exactly one of image and build must be set: neither is there
        modelapp.yaml:7:5 spec.model.imgae: unknown field; did you mean "image"?
        modelapp.yaml:8:5 spec.model.port: expected an integer, found text "80a"
        modelapp.yaml:10:5 spec.endpoint.protocol: Unsupported value: "openinference": supported values: "auto", "open-inference", "openai", "http"; did you mean "open-inference"?
        modelapp.yaml:12:13 spec.scale.model.min: 5 is above max 3""",
        check(
            """
                apiVersion: berth.dev/v1alpha1
                kind: ModelApp
                metadata:
                  nam: digits
                spec:
                  model:
                    imgae: x:1
                    port: 80a
                  endpoint:
                    protocol: openinference
                  scale:
                    model: {min: 5, max: 3}
                """));
  }

  @Test
  void unknownKindsAndVersionsAreNamed() {
    assertEquals(
        "modelapp.yaml:2:1 kind: unknown kind \"ModelAp\"; did you mean \"ModelApp\"?",
        check("apiVersion: berth.dev/v1alpha1\nkind: ModelAp\n"));
    assertEquals(
        "modelapp.yaml:1:1 apiVersion: Deployment is served as apps/v1, not extensions/v1beta1",
        check("apiVersion: extensions/v1beta1\nkind: Deployment\n"));
    assertEquals(
        "modelapp.yaml:1:1 kind: required: every document names its apiVersion and kind",
        check("apiVersion: v1\n"));
  }

  @Test
  void builtinKindsAreCheckedToo() {
    assertEquals(
        """
        modelapp.yaml:8:5 spec.containers[0].imagee: unknown field; did you mean "image"?""",
        check(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: a}
            spec:
              containers:
              - name: a
                image: b
                imagee: c
            """));
  }

  @Test
  void numbersWhereTextIsMeantSayHowToWriteThem() {
    assertEquals(
        "modelapp.yaml:7:5 spec.model.version: expected text, found the number 1.4; put it in quotes",
        check(
            """
            apiVersion: berth.dev/v1alpha1
            kind: ModelApp
            metadata: {name: a}
            spec:
              model:
                image: x
                version: 1.4
            """));
  }
}
