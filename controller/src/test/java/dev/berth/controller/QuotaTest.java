package dev.berth.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.controller.resource.ListQuery;
import dev.berth.controller.resource.Subresource;
import dev.berth.controller.resource.WriteOptions;
import dev.berth.controller.storage.InMemoryStore;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Quotas in the whole controller and in virtual time: what their status says, and what becomes of
/// the pods for which there is no room.
class QuotaTest extends WithControlPlane {

  QuotaTest() {
    super(11, new InMemoryStore(), Duration.ofSeconds(2));
  }

  private void create(ResourceType type, String name, String fields) {
    String json = "{\"metadata\": {\"name\": \"" + name + "\"}, " + fields + "}";
    resources.create(type, "default", Json.parseObject(json), WriteOptions.DEFAULT);
  }

  private void quota(String hard) {
    create(Kinds.RESOURCE_QUOTA, "q", "\"spec\": {\"hard\": " + hard + "}");
    settle();
  }

  private void harden(String hard) {
    resources.patch(
        Kinds.RESOURCE_QUOTA,
        new ObjectKey("default", "q"),
        Subresource.NONE,
        WriteOptions.DEFAULT,
        quota -> {
          Json.ensure(quota, "spec").set("hard", Json.parse(hard));
          return quota;
        });
    settle();
  }

  private void deployment(int replicas) {
    create(
        Kinds.DEPLOYMENT,
        "web",
        """
        "spec": {"replicas": %d, "selector": {"matchLabels": {"app": "web"}},
          "template": {"metadata": {"labels": {"app": "web"}},
            "spec": {"containers": [{"name": "c", "image": "i:1"}]}}}
        """
            .formatted(replicas));
    settle();
  }

  private ObjectNode find(ResourceType type, String name) {
    return resources.get(type, new ObjectKey("default", name)).tree();
  }

  private JsonNode used() {
    return Json.at(find(Kinds.RESOURCE_QUOTA, "q"), "status", "used");
  }

  private int pods() {
    return resources.list(Kinds.POD, ListQuery.all("default")).items().size();
  }

  @Test
  void theStatusFollowsWhatComesAndGoes() {
    quota("{\"pods\": \"9\", \"secrets\": \"9\", \"count/replicasets.apps\": \"9\"}");
    JsonNode before = used().deepCopy();
    assertEquals(
        Json.parse("{\"count/replicasets.apps\": \"0\", \"pods\": \"0\", \"secrets\": \"0\"}"),
        before);
    deployment(3);
    assertEquals(
        Json.parse("{\"count/replicasets.apps\": \"1\", \"pods\": \"3\", \"secrets\": \"0\"}"),
        used());
    resources.delete(
        Kinds.DEPLOYMENT,
        new ObjectKey("default", "web"),
        dev.berth.controller.resource.DeleteOptions.ofUid(Json.uid(find(Kinds.DEPLOYMENT, "web"))));
    time.advance(Duration.ofMinutes(2));
    assertEquals(before, used());
  }

  @Test
  void aReplicaSetMakesAsManyAsItMayAndSaysWhyNotMore() {
    quota("{\"pods\": \"2\"}");
    deployment(3);
    assertEquals(2, pods());
    Condition failure =
        Conditions.find(find(Kinds.DEPLOYMENT, "web"), "ReplicaFailure").orElseThrow();
    assertTrue(
        failure
            .message()
            .endsWith("exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2"),
        failure::message);
    assertEquals(2, Json.at(find(Kinds.DEPLOYMENT, "web"), "status", "replicas").asInt());
  }

  @Test
  void moreRoomIsUsedWhenItComes() {
    quota("{\"pods\": \"2\"}");
    deployment(3);
    harden("{\"pods\": \"4\"}");
    assertEquals(3, pods());
    assertTrue(Conditions.find(find(Kinds.DEPLOYMENT, "web"), "ReplicaFailure").isEmpty());
  }
}
