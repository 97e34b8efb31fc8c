package dev.berth.controller.kubernetesservice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.berth.api.ApiException;
import dev.berth.api.Cidr;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.controller.reconcile.Action;
import dev.berth.controller.resource.DeleteOptions;
import dev.berth.controller.resource.Item;
import dev.berth.controller.resource.Resources;
import dev.berth.controller.resource.Subresource;
import dev.berth.controller.resource.SystemNamespaces;
import dev.berth.controller.resource.WriteOptions;
import dev.berth.controller.storage.InMemoryStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// The Service under which pods find the API, kept in the real store.
class ServicePlanTest {
  private static final ApiAddresses API =
      new ApiAddresses("10.96.0.1", Optional.of("192.0.2.7"), 6443);

  private final Resources resources =
      new Resources(
          new InMemoryStore(),
          () -> Instant.parse("2026-01-01T00:00:00Z"),
          () -> "u",
          new Random(1),
          Cidr.parse("10.96.0.0/16"));

  @BeforeEach
  void begin() {
    SystemNamespaces.ensure(resources);
  }

  private Optional<ObjectNode> find(ResourceType type, ObjectKey key) {
    return resources.find(type, key).map(Item::tree);
  }

  private ObjectNode get(ResourceType type) {
    return find(type, ServicePlan.KEY).orElseThrow();
  }

  /// How many actions it took.
  private int perform(ApiAddresses api) {
    List<Action> plan = ServicePlan.plan(api, this::find);
    for (Action action : plan) {
      switch (action) {
        case Action.Create(ResourceType type, ObjectNode object) ->
            resources.create(type, "default", object, WriteOptions.DEFAULT);
        case Action.Update(ResourceType type, ObjectNode object) ->
            resources.update(type, ServicePlan.KEY, object, Subresource.NONE, WriteOptions.DEFAULT);
        case Action.Delete(ResourceType type, ObjectKey key, String uid) ->
            resources.delete(type, key, DeleteOptions.ofUid(uid));
        case Action.UpdateStatus _, Action.Emit _ -> throw new AssertionError(action);
      }
    }
    return plan.size();
  }

  @Test
  void theFirstPlanMakesAllThreeAndTheSecondNothing() {
    assertEquals(3, perform(API));
    assertEquals(0, perform(API));
    ObjectNode service = get(Kinds.SERVICE);
    assertEquals("10.96.0.1", Json.text(service, "spec", "clusterIP"));
    assertEquals(
        Json.parse("{\"name\":\"https\",\"port\":443,\"protocol\":\"TCP\",\"targetPort\":6443}"),
        Json.at(service, "spec", "ports").path(0));
    ObjectNode slice = get(Kinds.ENDPOINT_SLICE);
    assertEquals("kubernetes", Json.labels(slice).get("kubernetes.io/service-name"));
    assertEquals("192.0.2.7", slice.path("endpoints").path(0).path("addresses").path(0).asString());
    assertEquals(6443, slice.path("ports").path(0).path("port").asInt());
    assertEquals(
        Json.parse(
            """
            [{"addresses":[{"ip":"192.0.2.7"}],
              "ports":[{"name":"https","port":6443,"protocol":"TCP"}]}]
            """),
        get(Kinds.ENDPOINTS).path("subsets"));
  }

  @Test
  void aHostWithoutAddressHasTheServiceAllTheSame() {
    ApiAddresses nowhere = new ApiAddresses("10.96.0.1", Optional.empty(), 6443);
    perform(nowhere);
    assertEquals(0, perform(nowhere));
    assertEquals(0, get(Kinds.ENDPOINT_SLICE).path("endpoints").size());
    assertEquals("10.96.0.1", Json.text(get(Kinds.SERVICE), "spec", "clusterIP"));
  }

  @Test
  void whatSomebodyChangesOrDeletesComesBackAndTheirLabelsStay() {
    perform(API);
    resources.patch(
        Kinds.SERVICE,
        ServicePlan.KEY,
        Subresource.NONE,
        WriteOptions.DEFAULT,
        service -> {
          Json.ensure(service, "metadata", "labels").put("mine", "yes").remove("provider");
          ((ObjectNode) Json.at(service, "spec", "ports").path(0)).put("targetPort", 1);
          return service;
        });
    resources.delete(Kinds.ENDPOINT_SLICE, ServicePlan.KEY, DeleteOptions.DEFAULT);
    assertEquals(2, perform(API));
    assertEquals(0, perform(API));
    ObjectNode service = get(Kinds.SERVICE);
    assertEquals("yes", Json.labels(service).get("mine"));
    assertEquals("kubernetes", Json.labels(service).get("provider"));
    assertEquals(6443, Json.at(service, "spec", "ports").path(0).path("targetPort").asInt());
  }

  @Test
  void anotherAddressOrPortOfTheHostIsToldAndAnotherServiceOfTheNameMakesRoom() {
    ObjectNode other =
        Json.parseObject(
            """
            {"metadata": {"name": "kubernetes"},
             "spec": {"clusterIP": "10.96.0.99", "ports": [{"port": 80}]}}
            """);
    resources.create(Kinds.SERVICE, "default", other, WriteOptions.DEFAULT);
    perform(API);
    assertEquals("10.96.0.1", Json.text(get(Kinds.SERVICE), "spec", "clusterIP"));
    assertEquals(3, perform(new ApiAddresses("10.96.0.1", Optional.of("192.0.2.8"), 7443)));
    assertEquals(0, perform(new ApiAddresses("10.96.0.1", Optional.of("192.0.2.8"), 7443)));
  }

  /// Pods send their tokens there.
  @Test
  void nobodyElseGetsItsAddress() {
    ObjectNode greedy =
        Json.parseObject("{\"spec\":{\"clusterIP\":\"10.96.0.1\",\"ports\":[{\"port\":443}]}}");
    Json.meta(greedy).put("name", "greedy");
    ApiException refused =
        assertThrows(
            ApiException.class,
            () -> resources.create(Kinds.SERVICE, "default", greedy, WriteOptions.DEFAULT));
    assertEquals(422, refused.error().code());
  }
}
