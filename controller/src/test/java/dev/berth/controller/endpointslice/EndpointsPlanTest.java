package dev.berth.controller.endpointslice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import dev.berth.controller.reconcile.Action;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class EndpointsPlanTest {
  private static final ObjectNode SERVICE =
      Json.parseObject(
          """
          {"metadata":{"name":"web","namespace":"shop","uid":"s1"},
           "spec":{"selector":{"app":"web"},"ports":[{"port":80,"targetPort":8080}]}}
          """);

  private static ObjectNode pod(String name, String ip, boolean ready) {
    return Json.parseObject(
        """
        {"metadata":{"name":"%s","namespace":"shop","uid":"%s","labels":{"app":"web"}},
         "spec":{"nodeName":"n"},"status":{"phase":"Running","podIP":"%s",
          "conditions":[{"type":"Ready","status":"%s"}]}}
        """
            .formatted(name, name, ip, ready ? "True" : "False"));
  }

  private static List<Action> plan(Optional<ObjectNode> present, ObjectNode... pods) {
    return EndpointsPlan.plan(SERVICE, SlicePlan.wanted(SERVICE, List.of(pods)).values(), present);
  }

  private static ObjectNode created(List<Action> actions) {
    return ((Action.Create) actions.getFirst()).object();
  }

  @Test
  void theySayWhatTheSlicesSay() {
    ObjectNode made =
        created(plan(Optional.empty(), pod("a", "10.0.0.1", true), pod("b", "10.0.0.2", false)));
    var subset = made.path("subsets").path(0);
    assertEquals("10.0.0.1", Json.text(subset.path("addresses").path(0), "ip"));
    assertEquals("10.0.0.2", Json.text(subset.path("notReadyAddresses").path(0), "ip"));
    assertEquals(8080, subset.path("ports").path(0).path("port").asInt());
    assertTrue(
        plan(Optional.of(made), pod("a", "10.0.0.1", true), pod("b", "10.0.0.2", false)).isEmpty(),
        "the second plan plans nothing");
  }

  @Test
  void aServiceWithoutPodsHasEmptyOnesAndThoseOfAUserStay() {
    ObjectNode empty = created(plan(Optional.empty()));
    assertTrue(empty.path("subsets").isEmpty());
    assertTrue(plan(Optional.of(empty)).isEmpty());
    ObjectNode users = Json.parseObject("{\"metadata\":{\"name\":\"web\"},\"subsets\":[]}");
    assertTrue(plan(Optional.of(users), pod("a", "10.0.0.1", true)).isEmpty());
    List<Action> gone = EndpointsPlan.plan(SERVICE, List.of(), Optional.of(empty));
    assertTrue(gone.getFirst() instanceof Action.Delete);
  }
}
