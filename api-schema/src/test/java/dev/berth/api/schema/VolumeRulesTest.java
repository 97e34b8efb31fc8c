package dev.berth.api.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class VolumeRulesTest {

  private static ObjectNode pod(String volumes, String mounts) {
    ObjectNode pod = Samples.pod();
    Json.ensure(pod, "spec").set("volumes", Samples.yaml("{v: " + volumes + "}").path("v"));
    ((ObjectNode) Json.at(pod, "spec", "containers").path(0))
        .set("volumeMounts", Samples.yaml("{m: " + mounts + "}").path("m"));
    Schemas.of(Kinds.POD).applyDefaults(pod);
    return pod;
  }

  private static List<String> errors(ObjectNode pod) {
    return Schemas.of(Kinds.POD).validate(pod).stream().map(FieldError::toString).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{emptyDir: {}} | .name: Required value",
        "{name: a, emptyDir: {}, secret: {secretName: s}} | .secret: Forbidden: may not specify more than 1 volume type",
        "{name: a, configMap: {}} | .configMap.name: Required value",
        "{name: a, secret: {}} | .secret.secretName: Required value",
        "{name: a, secret: {secretName: s, defaultMode: 512}} | .secret.defaultMode: Invalid value: 512: must be a number between 0 and 0777 (octal), both inclusive",
        "{name: a, configMap: {name: c, items: [{path: p}]}} | .configMap.items[0].key: Required value",
        "{name: a, configMap: {name: c, items: [{key: k}]}} | .configMap.items[0].path: Required value",
        "{name: a, configMap: {name: c, items: [{key: k, path: /p}]}} | .configMap.items[0].path: Invalid value: \"/p\": must be a relative path",
        "{name: a, configMap: {name: c, items: [{key: k, path: a/../../b}]}} | .configMap.items[0].path: Invalid value: \"a/../../b\": must not contain '..'",
        "{name: a, configMap: {name: c, items: [{key: k, path: ..data}]}} | .configMap.items[0].path: Invalid value: \"..data\": must not start with '..'",
        "{name: a, emptyDir: {sizeLimit: -1}} | .emptyDir.sizeLimit: Forbidden: SizeLimit field must be a valid resource quantity",
        "{name: a, downwardAPI: {items: [{path: p}]}} | .downwardAPI.items[0]: Required value: one of fieldRef and resourceFieldRef is required",
        "{name: a, downwardAPI: {items: [{path: p, resourceFieldRef: {resource: limits.cpu}}]}} | .downwardAPI.items[0].resourceFieldRef.containerName: Required value",
        "{name: a, downwardAPI: {items: [{path: p, fieldRef: {fieldPath: spec.nodeName}}]}} | .downwardAPI.items[0].fieldRef.fieldPath: Unsupported value: \"spec.nodeName\": supported values: \"metadata.annotations\", \"metadata.labels\", \"metadata.name\", \"metadata.namespace\", \"metadata.uid\"",
        "{name: a, projected: {sources: [{}]}} | .projected.sources[0]: Required value: must specify a volume type",
        "{name: a, projected: {sources: [{secret: {}}]}} | .projected.sources[0].secret.name: Required value",
        "{name: a, projected: {sources: [{serviceAccountToken: {path: t, expirationSeconds: 10}}]}} | .projected.sources[0].serviceAccountToken.expirationSeconds: Invalid value: 10: may not specify a duration less than 10 minutes"
      })
  void whatIsWrongWithAVolumeIsSaidInKubernetesWords(String volume, String expected) {
    assertEquals(List.of("spec.volumes[0]" + expected), errors(pod("[" + volume + "]", "[]")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{name: b, mountPath: /a} | .name: Not found: \"b\"",
        "{name: a} | .mountPath: Required value",
        "{name: a, mountPath: a} | .mountPath: Invalid value: \"a\": must be an absolute path",
        "{name: a, mountPath: /a, subPath: /b} | .subPath: Invalid value: \"/b\": must be a relative path",
        "{name: a, mountPath: /a, subPathExpr: b/..} | .subPathExpr: Invalid value: \"b/..\": must not contain '..'",
        "{name: a, mountPath: /a, subPath: b, subPathExpr: c} | .subPathExpr: Invalid value: \"c\": subPathExpr and subPath are mutually exclusive"
      })
  void whatIsWrongWithAMountIsSaidInKubernetesWords(String mount, String expected) {
    ObjectNode pod = pod("[{name: a, emptyDir: {}}]", "[" + mount + "]");
    assertEquals(List.of("spec.containers[0].volumeMounts[0]" + expected), errors(pod));
  }

  @Test
  void twoVolumesHaveTwoNamesAndTwoMountsTwoPlaces() {
    assertEquals(
        List.of(
            "spec.volumes[1].name: Duplicate value: \"a\"",
            "spec.containers[0].volumeMounts[1].mountPath: Invalid value: \"/d/\": must be unique"),
        errors(
            pod(
                "[{name: a, emptyDir: {}}, {name: a, emptyDir: {}}]",
                "[{name: a, mountPath: /d}, {name: a, mountPath: /d/}]")));
  }

  @Test
  void volumesGetTheModesAndTimesThatKubernetesGivesThem() {
    JsonNode volumes =
        pod(
                "[{name: a}, {name: b, secret: {secretName: s}}, {name: c, projected: {sources:"
                    + " [{serviceAccountToken: {path: t}}, {downwardAPI: {items: [{path: p, fieldRef:"
                    + " {fieldPath: metadata.name}}]}}]}}]",
                "[]")
            .path("spec")
            .path("volumes");
    assertEquals(
        "[{\"name\":\"a\",\"emptyDir\":{}},{\"name\":\"b\",\"secret\":{\"secretName\":\"s\",\"defaultMode\":420}},"
            + "{\"name\":\"c\",\"projected\":{\"sources\":[{\"serviceAccountToken\":{\"path\":\"t\","
            + "\"expirationSeconds\":3600}},{\"downwardAPI\":{\"items\":[{\"path\":\"p\",\"fieldRef\":"
            + "{\"fieldPath\":\"metadata.name\",\"apiVersion\":\"v1\"}}]}}],\"defaultMode\":420}}]",
        Json.string(volumes));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{fieldRef: {fieldPath: spec.hostname}} | fieldRef.fieldPath",
        "{fieldRef: {fieldPath: \"spec.x['a']\"}} | fieldRef.fieldPath",
        "{resourceFieldRef: {resource: limits.disk}} | resourceFieldRef.resource",
        "{resourceFieldRef: {resource: limits.cpu, divisor: 1Mi}} | resourceFieldRef.divisor"
      })
  void aVariableAsksOnlyForWhatAPodKnows(String from, String path) {
    ObjectNode pod = Samples.pod();
    ((ObjectNode) Json.at(pod, "spec", "containers").path(0))
        .set("env", Samples.yaml("{e: [{name: A, valueFrom: " + from + "}]}").path("e"));
    assertEquals(
        List.of("spec.containers[0].env[0].valueFrom." + path),
        Schemas.of(Kinds.POD).validate(pod).stream().map(FieldError::field).toList());
  }

  @Test
  void labelsAndUnitsThatThereAreMayBeAskedFor() {
    ObjectNode pod = Samples.pod();
    ((ObjectNode) Json.at(pod, "spec", "containers").path(0))
        .set(
            "env",
            Samples.yaml(
                    "{e: [{name: A, valueFrom: {fieldRef: {fieldPath: \"metadata.labels['a']\"}}},"
                        + " {name: B, valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: 1Mi}}}]}")
                .path("e"));
    assertEquals(List.of(), errors(pod));
  }
}
