package dev.berth.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.client.ApiClient;
import dev.berth.client.DeleteOptions;
import dev.berth.client.PatchType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What quotas and limits of a namespace do, over HTTP, as clients see them.
class NamespaceLimitsTest {
  private static final String NS = "limits";

  @TempDir Path directory;
  private Controller controller;
  private ApiClient admin;

  @BeforeEach
  void start() throws IOException {
    controller = Controller.start(ControllerConfig.defaults(directory).withPort(0));
    admin = ApiClient.fromKubeconfig(controller.adminKubeconfig());
    ObjectNode namespace = Json.object().put("apiVersion", "v1").put("kind", "Namespace");
    Json.meta(namespace).put("name", NS);
    admin.create(Kinds.NAMESPACE, namespace);
  }

  @AfterEach
  void stop() {
    admin.close();
    controller.close();
  }

  private ObjectNode create(ResourceType type, String name, String fields) {
    ObjectNode object = Json.parseObject("{" + fields + "}");
    object.put("apiVersion", type.gvk().apiVersion()).put("kind", type.kind());
    Json.meta(object).put("name", name).put("namespace", NS);
    return admin.create(type, object);
  }

  private ObjectNode pod(String name, String spec, String resources) {
    return create(
        Kinds.POD,
        name,
        "\"spec\": {"
            + spec
            + "\"containers\": [{\"name\": \"c\", \"image\": \"i:1\", \"resources\": {"
            + resources
            + "}}]}");
  }

  private void quota(String name, String spec) {
    ObjectNode made = create(Kinds.RESOURCE_QUOTA, name, "\"spec\": {" + spec + "}");
    JsonNode hard = Json.at(made, "spec", "hard");
    assertTrue(
        Waiting.until(() -> Json.at(status(name), "hard").equals(hard)), "its status was not told");
  }

  private JsonNode status(String name) {
    return admin.get(Kinds.RESOURCE_QUOTA, new ObjectKey(NS, name)).path("status");
  }

  private void awaitUsed(String quota, String used) {
    JsonNode wanted = Json.parse(used);
    assertTrue(
        Waiting.until(() -> Json.at(status(quota), "used").equals(wanted)),
        () -> "used " + status(quota) + ", not " + used);
  }

  private static String refused(Runnable write) {
    ApiException e = assertThrows(ApiException.class, write::run);
    assertEquals(403, e.error().code(), e::getMessage);
    return e.error().message();
  }

  private void delete(ResourceType type, String name) {
    ObjectKey key = new ObjectKey(NS, name);
    admin.delete(type, key, DeleteOptions.now(Json.uid(admin.get(type, key))));
  }

  @Test
  @Tag("conformance:resourcequota/9")
  void theStatusComesPromptly() {
    quota("q", "\"hard\": {\"pods\": \"5\", \"services\": \"2\", \"requests.cpu\": \"1\"}");
    awaitUsed("q", "{\"pods\": \"0\", \"requests.cpu\": \"0\", \"services\": \"0\"}");
  }

  @Test
  @Tag("conformance:resourcequota/3")
  @Tag("conformance:resourcequota/7")
  void mapsAndSecretsAreCounted() {
    // What each namespace has of its own counts too.
    quota("maps", "\"hard\": {\"configmaps\": \"2\"}");
    quota("secrets", "\"hard\": {\"secrets\": \"1\"}");
    awaitUsed("maps", "{\"configmaps\": \"1\"}");
    for (ResourceType type : List.of(Kinds.CONFIG_MAP, Kinds.SECRET)) {
      create(type, "mine", "\"data\": {}");
      refused(() -> create(type, "other", "\"data\": {}"));
    }
    awaitUsed("maps", "{\"configmaps\": \"2\"}");
    awaitUsed("secrets", "{\"secrets\": \"1\"}");
    delete(Kinds.CONFIG_MAP, "mine");
    delete(Kinds.SECRET, "mine");
    awaitUsed("maps", "{\"configmaps\": \"1\"}");
    awaitUsed("secrets", "{\"secrets\": \"0\"}");
  }

  @Test
  @Tag("conformance:resourcequota/4")
  void podsAreCountedByAllTheyAskFor() {
    quota(
        "q",
        "\"hard\": {\"pods\": \"5\", \"cpu\": \"1\", \"memory\": \"500Mi\","
            + " \"ephemeral-storage\": \"50Gi\", \"requests.example.com/dongle\": \"3\"}");
    pod(
        "a",
        "",
        "\"requests\": {\"cpu\": \"500m\", \"memory\": \"252Mi\", \"ephemeral-storage\": \"30Gi\","
            + " \"example.com/dongle\": \"2\"}, \"limits\": {\"example.com/dongle\": \"2\"}");
    String used =
        "{\"cpu\": \"500m\", \"ephemeral-storage\": \"30Gi\", \"memory\": \"252Mi\","
            + " \"pods\": \"1\", \"requests.example.com/dongle\": \"2\"}";
    awaitUsed("q", used);
    assertTrue(
        refused(() -> pod("b", "", "\"requests\": {\"cpu\": \"600m\", \"memory\": \"100Mi\"}"))
            .endsWith("exceeded quota: q, requested: cpu=600m, used: cpu=500m, limited: cpu=1"));
    assertTrue(
        refused(
                () ->
                    pod(
                        "b",
                        "",
                        "\"requests\": {\"cpu\": \"1m\", \"memory\": \"1Mi\","
                            + " \"example.com/dongle\": \"2\"},"
                            + " \"limits\": {\"example.com/dongle\": \"2\"}"))
            .contains("requests.example.com/dongle=2"));
    assertTrue(
        refused(() -> pod("b", "", "\"requests\": {\"cpu\": \"1m\"}"))
            .endsWith("failed quota: q: must specify memory for: c"));
    awaitUsed("q", used);
    delete(Kinds.POD, "a");
    awaitUsed("q", used.replaceAll("500m|252Mi|30Gi|1|2(?=\"})", "0"));
  }

  @Test
  @Tag("conformance:resourcequota/5")
  @Tag("conformance:resourcequota/6")
  void setsAreCounted() {
    quota("q", "\"hard\": {\"count/replicasets.apps\": \"1\", \"replicationcontrollers\": \"1\"}");
    String template =
        "\"template\": {\"metadata\": {\"labels\": {\"a\": \"b\"}}, \"spec\": {\"containers\":"
            + " [{\"name\": \"c\", \"image\": \"i:1\"}]}}";
    String set =
        "\"spec\": {\"replicas\": 0, \"selector\": {\"matchLabels\": {\"a\": \"b\"}}, "
            + template
            + "}";
    String controller =
        "\"spec\": {\"replicas\": 0, \"selector\": {\"a\": \"b\"}, " + template + "}";
    create(Kinds.REPLICA_SET, "one", set);
    create(Kinds.REPLICATION_CONTROLLER, "one", controller);
    awaitUsed("q", "{\"count/replicasets.apps\": \"1\", \"replicationcontrollers\": \"1\"}");
    refused(() -> create(Kinds.REPLICA_SET, "two", set));
    refused(() -> create(Kinds.REPLICATION_CONTROLLER, "two", controller));
    delete(Kinds.REPLICA_SET, "one");
    delete(Kinds.REPLICATION_CONTROLLER, "one");
    awaitUsed("q", "{\"count/replicasets.apps\": \"0\", \"replicationcontrollers\": \"0\"}");
  }

  @Test
  @Tag("conformance:resourcequota/8")
  void servicesAreCountedByTheirType() {
    quota(
        "q",
        "\"hard\": {\"services\": \"2\", \"services.nodeports\": \"1\","
            + " \"services.loadbalancers\": \"1\"}");
    String type = "\"spec\": {\"type\": \"%s\", \"ports\": [{\"port\": 80}]}";
    String used =
        "{\"services\": \"%d\", \"services.loadbalancers\": \"0\","
            + " \"services.nodeports\": \"%d\"}";
    create(Kinds.SERVICE, "inside", type.formatted("ClusterIP"));
    create(Kinds.SERVICE, "node", type.formatted("NodePort"));
    awaitUsed("q", used.formatted(2, 1));
    refused(() -> create(Kinds.SERVICE, "more", type.formatted("ClusterIP")));
    delete(Kinds.SERVICE, "inside");
    awaitUsed("q", used.formatted(1, 1));
    assertTrue(
        refused(() -> create(Kinds.SERVICE, "more", type.formatted("NodePort")))
            .contains("services.nodeports=1"));
    assertTrue(
        refused(() -> create(Kinds.SERVICE, "balanced", type.formatted("LoadBalancer")))
            .contains("services.nodeports=1"));
    delete(Kinds.SERVICE, "node");
    awaitUsed("q", used.formatted(0, 0));
  }

  @Test
  @Tag("conformance:resourcequota/11")
  void aQuotaMayBeForPodsOfOneQuality() {
    quota("best", "\"hard\": {\"pods\": \"5\"}, \"scopes\": [\"BestEffort\"]");
    quota("other", "\"hard\": {\"pods\": \"5\"}, \"scopes\": [\"NotBestEffort\"]");
    pod("a", "", "");
    awaitUsed("best", "{\"pods\": \"1\"}");
    awaitUsed("other", "{\"pods\": \"0\"}");
    delete(Kinds.POD, "a");
    awaitUsed("best", "{\"pods\": \"0\"}");
    pod("b", "", "\"requests\": {\"cpu\": \"1m\"}");
    awaitUsed("other", "{\"pods\": \"1\"}");
    awaitUsed("best", "{\"pods\": \"0\"}");
    delete(Kinds.POD, "b");
    awaitUsed("other", "{\"pods\": \"0\"}");
  }

  @Test
  @Tag("conformance:resourcequota/12")
  void aQuotaMayBeForPodsThatEnd() {
    quota("ending", "\"hard\": {\"pods\": \"5\"}, \"scopes\": [\"Terminating\"]");
    quota("lasting", "\"hard\": {\"pods\": \"5\"}, \"scopes\": [\"NotTerminating\"]");
    pod("a", "", "");
    awaitUsed("lasting", "{\"pods\": \"1\"}");
    awaitUsed("ending", "{\"pods\": \"0\"}");
    delete(Kinds.POD, "a");
    awaitUsed("lasting", "{\"pods\": \"0\"}");
    pod("b", "\"activeDeadlineSeconds\": 3600, ", "");
    awaitUsed("ending", "{\"pods\": \"1\"}");
    awaitUsed("lasting", "{\"pods\": \"0\"}");
    delete(Kinds.POD, "b");
    awaitUsed("ending", "{\"pods\": \"0\"}");
  }

  @Test
  @Tag("conformance:limitrange/1")
  void limitsGiveDefaultsAndAreEnforced() {
    create(
        Kinds.LIMIT_RANGE,
        "l",
        """
        "spec": {"limits": [{"type": "Container",
          "min": {"cpu": "50m", "memory": "100Mi"}, "max": {"cpu": "500m", "memory": "500Mi"},
          "defaultRequest": {"cpu": "100m", "memory": "200Mi"},
          "default": {"cpu": "500m", "memory": "500Mi"}}]}
        """);
    assertEquals(
        Json.parse(
            """
            {"requests": {"cpu": "100m", "memory": "200Mi"},
             "limits": {"cpu": "500m", "memory": "500Mi"}}
            """),
        resources(pod("none", "", "")));
    assertEquals(
        Json.parse(
            """
            {"requests": {"cpu": "300m", "memory": "150Mi"},
             "limits": {"cpu": "300m", "memory": "500Mi"}}
            """),
        resources(
            pod(
                "partial",
                "",
                "\"requests\": {\"memory\": \"150Mi\"}, \"limits\": {\"cpu\": \"300m\"}")));
    assertTrue(
        refused(() -> pod("small", "", "\"requests\": {\"cpu\": \"10m\"}"))
            .endsWith("minimum cpu usage per Container is 50m, but request is 10m"));
    assertTrue(
        refused(() -> pod("large", "", "\"limits\": {\"cpu\": \"600m\"}"))
            .contains("maximum cpu usage per Container is 500m, but limit is 600m"));
    admin.patch(
        Kinds.LIMIT_RANGE,
        new ObjectKey(NS, "l"),
        PatchType.MERGE,
        Json.parse(
            "{\"spec\": {\"limits\": [{\"type\": \"Container\", \"min\": {\"cpu\": \"10m\"}}]}}"),
        null);
    pod("small", "", "\"requests\": {\"cpu\": \"10m\"}");
    delete(Kinds.LIMIT_RANGE, "l");
    pod("large", "", "\"limits\": {\"cpu\": \"600m\"}");
  }

  private static JsonNode resources(ObjectNode pod) {
    return Json.at(pod, "spec", "containers").path(0).path("resources");
  }
}
