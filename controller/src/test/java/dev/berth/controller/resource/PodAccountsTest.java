package dev.berth.controller.resource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.ApiException;
import dev.berth.api.Cidr;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ResourceType;
import dev.berth.api.apply.Manager;
import dev.berth.controller.admission.FieldValidation;
import dev.berth.controller.storage.InMemoryStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a pod gets of its ServiceAccount.
class PodAccountsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final String ONE = "\"containers\": [{\"name\": \"a\", \"image\": \"i:1\"}]";

  private final Resources resources =
      new Resources(
          new InMemoryStore(), () -> NOW, () -> "u", new Random(1), Cidr.parse("10.96.0.0/16"));

  @BeforeEach
  void begin() {
    SystemNamespaces.ensure(resources);
  }

  private ObjectNode create(ResourceType type, String json, WriteOptions options) {
    return resources.create(type, "default", Json.parseObject(json), options).object();
  }

  private ObjectNode pod(String meta, String spec) {
    return create(
        Kinds.POD,
        "{\"metadata\": {\"name\": \"p\"" + meta + "}, \"spec\": {" + spec + "}}",
        WriteOptions.DEFAULT);
  }

  private ObjectNode pod(String spec) {
    return pod("", spec);
  }

  private void account(String name, String rest) {
    create(
        Kinds.SERVICE_ACCOUNT,
        "{\"metadata\": {\"name\": \"" + name + "\"}" + rest + "}",
        WriteOptions.DEFAULT);
  }

  private static List<String> mounts(JsonNode container) {
    List<String> mounts = new ArrayList<>();
    container
        .path("volumeMounts")
        .forEach(m -> mounts.add(Json.text(m, "name") + " at " + Json.text(m, "mountPath")));
    return mounts;
  }

  private static JsonNode container(ObjectNode pod, String list, int index) {
    return Json.at(pod, "spec", list).path(index);
  }

  @Test
  void everyContainerGetsTokenCertificateAndNamespace() {
    ObjectNode pod = pod(ONE + ", \"initContainers\": [{\"name\": \"b\", \"image\": \"i:1\"}]");
    JsonNode volume = Json.at(pod, "spec", "volumes").path(0);
    String name = Json.text(volume, "name");
    assertTrue(name.matches("kube-api-access-[a-z0-9]{5}"), name);
    assertEquals(
        Json.parse(
            """
            {"defaultMode": 420, "sources": [
              {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
              {"configMap": {"name": "kube-root-ca.crt",
                             "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
              {"downwardAPI": {"items": [{"path": "namespace",
                "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"}}]}}]}
            """),
        volume.path("projected"));
    List<String> there = List.of(name + " at /var/run/secrets/kubernetes.io/serviceaccount");
    assertEquals(there, mounts(container(pod, "containers", 0)));
    assertEquals(there, mounts(container(pod, "initContainers", 0)));
    assertTrue(
        container(pod, "containers", 0).path("volumeMounts").path(0).path("readOnly").asBoolean());
    assertEquals("default", Json.text(pod, "spec", "serviceAccountName"));
    assertEquals("default", Json.text(pod, "spec", "serviceAccount"));
  }

  @Test
  void thePodsWordCountsBeforeItsAccounts() {
    account("quiet", ", \"automountServiceAccountToken\": false");
    account("loud", ", \"automountServiceAccountToken\": true");
    record Case(String account, String own, boolean mounted) {}
    for (Case each :
        List.of(
            new Case("quiet", "", false),
            new Case("quiet", ", \"automountServiceAccountToken\": true", true),
            new Case("loud", "", true),
            new Case("loud", ", \"automountServiceAccountToken\": false", false),
            new Case("default", "", true),
            new Case("default", ", \"automountServiceAccountToken\": false", false))) {
      ObjectNode pod =
          create(
              Kinds.POD,
              "{\"metadata\": {\"generateName\": \"p-\"}, \"spec\": {"
                  + ONE
                  + ", \"serviceAccountName\": \""
                  + each.account()
                  + "\""
                  + each.own()
                  + "}}",
              WriteOptions.DEFAULT);
      assertEquals(each.mounted(), Json.at(pod, "spec").has("volumes"), each.toString());
      assertEquals(each.mounted(), container(pod, "containers", 0).has("volumeMounts"));
    }
  }

  @Test
  void whoHasSomethingThereKeepsIt() {
    ObjectNode pod =
        pod(
            """
            "volumes": [{"name": "own", "emptyDir": {}}],
            "containers": [{"name": "a", "image": "i:1", "volumeMounts":
              [{"name": "own", "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount"}]}]\
            """);
    assertEquals(1, Json.at(pod, "spec", "volumes").size());
    assertEquals(1, mounts(container(pod, "containers", 0)).size());
  }

  @Test
  void aTokenVolumeThatIsThereIsUsed() {
    ObjectNode pod =
        pod(
            ONE
                + ", \"volumes\": [{\"name\": \"kube-api-access-x\", \"projected\": {\"sources\":"
                + " [{\"serviceAccountToken\": {\"path\": \"token\"}}]}}]");
    assertEquals(1, Json.at(pod, "spec", "volumes").size());
    assertEquals(
        List.of("kube-api-access-x at /var/run/secrets/kubernetes.io/serviceaccount"),
        mounts(container(pod, "containers", 0)));
  }

  @Test
  void anAccountThatIsNotThereIsForbidden() {
    ApiException refused =
        assertThrows(ApiException.class, () -> pod(ONE + ", \"serviceAccountName\": \"ghost\""));
    assertEquals(403, refused.error().code());
    assertEquals(
        "pods \"p\" is forbidden: error looking up service account default/ghost: serviceaccount"
            + " \"ghost\" not found",
        refused.error().message());
  }

  @Test
  void theOldNameOfTheFieldCounts() {
    account("builder", "");
    ObjectNode pod = pod(ONE + ", \"serviceAccount\": \"builder\"");
    assertEquals("builder", Json.text(pod, "spec", "serviceAccountName"));
  }

  @Test
  void theCopyOfAStaticPodStaysAsItIs() {
    ObjectNode pod = pod(", \"annotations\": {\"kubernetes.io/config.mirror\": \"x\"}", ONE);
    assertFalse(Json.at(pod, "spec").has("serviceAccountName"));
    assertFalse(Json.at(pod, "spec").has("volumes"));
  }

  @Test
  void whatIsPutInBelongsToNobody() {
    Manager kubectl = Manager.updating("kubectl-create", "v1");
    ObjectNode pod =
        create(
            Kinds.POD,
            "{\"metadata\": {\"name\": \"p\"}, \"spec\": {" + ONE + "}}",
            new WriteOptions(
                false, FieldValidation.WARN, List.of(), Optional.of(kubectl), Gate.OPEN));
    String owned = Json.at(pod, "metadata", "managedFields").toString();
    assertTrue(owned.contains("f:image"), owned);
    assertFalse(owned.contains("f:volumes"), owned);
    assertFalse(owned.contains("f:serviceAccountName"), owned);
  }
}
