package dev.berth.api.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.berth.api.ApiException;
import dev.berth.api.Json;
import io.kubernetes.client.proto.Meta;
import io.kubernetes.client.proto.Runtime;
import io.kubernetes.client.proto.V1;
import io.kubernetes.client.proto.V1Apiextensions;
import io.kubernetes.client.proto.V1Apps;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.node.ObjectNode;

class ProtobufTest {

  static List<ObjectNode> samples() {
    try (InputStream in = ProtobufTest.class.getResourceAsStream("protobuf-samples.yaml")) {
      byte[] text = Objects.requireNonNull(in).readAllBytes();
      return Manifests.parse("protobuf-samples.yaml", text).stream().map(Manifest::tree).toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// Another encoder writes the object, ours reads it back: the same tree.
  @TestFactory
  Stream<DynamicTest> whatAnotherEncoderWroteIsReadBack() {
    return samples().stream()
        .map(
            object ->
                DynamicTest.dynamicTest(
                    Json.text(object, "kind"),
                    () ->
                        assertEquals(
                            sorted(object),
                            sorted(Protobuf.decode(ProtobufEncoder.body(object))))));
  }

  private static String sorted(ObjectNode object) {
    return new String(Json.canonical(object), UTF_8);
  }

  private static String decoded(String apiVersion, String kind, com.google.protobuf.Message raw) {
    ObjectNode object = Protobuf.decode(ProtobufEncoder.body(apiVersion, kind, raw));
    object.remove(List.of("apiVersion", "kind"));
    return Json.string(object);
  }

  @Test
  void zerosThatGoLeavesOutAreLeftOutAndZerosOfPointersStay() {
    V1.PodSpec spec =
        V1.PodSpec.newBuilder()
            .setHostNetwork(false)
            .setNodeName("")
            .setTerminationGracePeriodSeconds(0)
            .setAutomountServiceAccountToken(false)
            .build();
    V1.Pod pod =
        V1.Pod.newBuilder()
            .setMetadata(
                Meta.ObjectMeta.newBuilder()
                    .setName("p")
                    .setNamespace("")
                    .setGeneration(0)
                    .setCreationTimestamp(Meta.Time.getDefaultInstance()))
            .setSpec(spec)
            .setStatus(V1.PodStatus.getDefaultInstance())
            .build();
    assertEquals(
        "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"terminationGracePeriodSeconds\":0,"
            + "\"automountServiceAccountToken\":false},\"status\":{}}",
        decoded("v1", "Pod", pod));
  }

  @Test
  void replicasOfZeroAreAskedFor() {
    V1Apps.Deployment deployment =
        V1Apps.Deployment.newBuilder()
            .setSpec(V1Apps.DeploymentSpec.newBuilder().setReplicas(0).setMinReadySeconds(0))
            .build();
    assertEquals("{\"spec\":{\"replicas\":0}}", decoded("apps/v1", "Deployment", deployment));
  }

  @Test
  void deleteOptionsAreKnownInEveryGroup() {
    Meta.DeleteOptions options =
        Meta.DeleteOptions.newBuilder()
            .setGracePeriodSeconds(0)
            .setPropagationPolicy("Background")
            .build();
    assertEquals(
        "{\"gracePeriodSeconds\":0,\"propagationPolicy\":\"Background\"}",
        decoded("apps/v1", "DeleteOptions", options));
  }

  @Test
  void schemasOfCustomResourcesHaveTheirJsonNames() {
    V1Apiextensions.JSONSchemaProps text =
        V1Apiextensions.JSONSchemaProps.newBuilder().setType("string").build();
    V1Apiextensions.JSONSchemaProps schema =
        V1Apiextensions.JSONSchemaProps.newBuilder()
            .setRef("#/x")
            .setXKubernetesPreserveUnknownFields(true)
            .setDefault(V1Apiextensions.JSON.newBuilder().setRaw(ByteString.copyFromUtf8("{}")))
            .setItems(V1Apiextensions.JSONSchemaPropsOrArray.newBuilder().setSchema(text))
            .setAdditionalProperties(
                V1Apiextensions.JSONSchemaPropsOrBool.newBuilder().setAllows(true))
            .build();
    V1Apiextensions.CustomResourceDefinition crd =
        V1Apiextensions.CustomResourceDefinition.newBuilder()
            .setSpec(
                V1Apiextensions.CustomResourceDefinitionSpec.newBuilder()
                    .addVersions(
                        V1Apiextensions.CustomResourceDefinitionVersion.newBuilder()
                            .setServed(true)
                            .setStorage(false)
                            .setSchema(
                                V1Apiextensions.CustomResourceValidation.newBuilder()
                                    .setOpenAPIV3Schema(schema))))
            .build();
    assertEquals(
        "{\"spec\":{\"versions\":[{\"served\":true,\"storage\":false,\"schema\":{\"openAPIV3Schema\":"
            + "{\"$ref\":\"#/x\",\"default\":{},\"items\":{\"type\":\"string\"},\"additionalProperties\":true,"
            + "\"x-kubernetes-preserve-unknown-fields\":true}}}]}}",
        decoded("apiextensions.k8s.io/v1", "CustomResourceDefinition", crd));
  }

  @Test
  void fieldsThatNobodyKnowsAreSkipped() {
    V1.Secret secret = V1.Secret.newBuilder().setType("Opaque").build();
    com.google.protobuf.UnknownFieldSet unknown =
        com.google.protobuf.UnknownFieldSet.newBuilder()
            .addField(
                900,
                com.google.protobuf.UnknownFieldSet.Field.newBuilder()
                    .addVarint(7)
                    .addFixed32(1)
                    .addFixed64(2)
                    .addLengthDelimited(ByteString.copyFromUtf8("x"))
                    .build())
            .build();
    assertEquals(
        "{\"type\":\"Opaque\"}",
        decoded("v1", "Secret", secret.toBuilder().setUnknownFields(unknown).build()));
  }

  @Test
  void aKindWithoutAMessageIsABadRequestThatNamesIt() {
    byte[] body =
        ProtobufEncoder.body("berth.dev/v1alpha1", "ModelApp", V1.Pod.getDefaultInstance());
    assertTrue(
        refusal(body).contains("no kind \"ModelApp\" is known for version \"berth.dev/v1alpha1\""));
  }

  @Test
  void aWrongWireTypeIsABadRequestThatNamesTheField() {
    byte[] body =
        ProtobufEncoder.body("v1", "Pod", Runtime.Unknown.newBuilder().setContentType("x").build());
    assertFalse(Protobuf.decode(body).has("contentType"));
    byte[] wrong = body("v1", "Pod", new byte[] {2 << 3, 1});
    assertTrue(refusal(wrong).contains("wrong wire type 0 for field spec"));
  }

  private static byte[] body(String apiVersion, String kind, byte[] raw) {
    Runtime.Unknown unknown =
        Runtime.Unknown.newBuilder()
            .setTypeMeta(Runtime.TypeMeta.newBuilder().setApiVersion(apiVersion).setKind(kind))
            .setRaw(ByteString.copyFrom(raw))
            .build();
    byte[] message = unknown.toByteArray();
    byte[] body = new byte[message.length + 4];
    System.arraycopy(new byte[] {'k', '8', 's', 0}, 0, body, 0, 4);
    System.arraycopy(message, 0, body, 4, message.length);
    return body;
  }

  private static String refusal(byte[] body) {
    ApiException refused = assertThrows(ApiException.class, () -> Protobuf.decode(body));
    assertEquals("BadRequest", refused.error().reason());
    return refused.error().message();
  }

  @Test
  void aSchemaNestedTooDeepIsRefused() {
    V1Apiextensions.JSONSchemaProps schema = V1Apiextensions.JSONSchemaProps.getDefaultInstance();
    for (int i = 0; i < 200; i++) {
      schema = V1Apiextensions.JSONSchemaProps.newBuilder().setNot(schema).build();
    }
    byte[] body =
        ProtobufEncoder.body(
            "apiextensions.k8s.io/v1",
            "CustomResourceDefinition",
            V1Apiextensions.CustomResourceDefinition.newBuilder()
                .setSpec(
                    V1Apiextensions.CustomResourceDefinitionSpec.newBuilder()
                        .addVersions(
                            V1Apiextensions.CustomResourceDefinitionVersion.newBuilder()
                                .setSchema(
                                    V1Apiextensions.CustomResourceValidation.newBuilder()
                                        .setOpenAPIV3Schema(schema))))
                .build());
    assertTrue(refusal(body).contains("nested deeper than 100"));
  }

  @Test
  void moreValuesThanAnyObjectHasAreRefused() {
    byte[] pod = new byte[1_500_000];
    for (int i = 0; i < pod.length; i += 2) {
      pod[i] = 2 << 3 | 2;
    }
    assertTrue(refusal(body("v1", "Pod", pod)).contains("more than 500000 values"));
  }

  /// Cut, flipped and random bytes: a tree that JSON can carry, or a BadRequest.
  @Test
  void hostileBytesAreABadRequestOrATree() {
    List<byte[]> bodies = samples().stream().map(ProtobufEncoder::body).toList();
    for (long seed = 1; seed <= 20_000; seed++) {
      Random random = new Random(seed);
      byte[] body = bodies.get(random.nextInt(bodies.size())).clone();
      for (int i = random.nextInt(4); i >= 0; i--) {
        body[4 + random.nextInt(body.length - 4)] = (byte) random.nextInt(256);
      }
      int length = random.nextInt(3) == 0 ? random.nextInt(body.length) : body.length;
      try {
        ObjectNode tree = Protobuf.decode(java.util.Arrays.copyOf(body, length));
        assertEquals(tree, Json.parse(Json.bytes(tree)), "seed " + seed);
      } catch (ApiException e) {
        assertEquals("BadRequest", e.error().reason(), "seed " + seed);
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }
}
