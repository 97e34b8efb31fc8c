package dev.berth.cli.why;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.Json;
import dev.berth.api.why.Situation;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class SurroundingsTest {
  private static final Surroundings AROUND =
      new Surroundings(
          List.of(pod("shop", "digits-x", "digits"), pod("shop", "digits-two-x", "digits-two")),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          List.of(
              event("shop", "digits-x"), event("shop", "digits-two-x"), event("b", "digits-x")));

  @Test
  void anAppGetsItsOwnPodsAndTheirEventsOnly() {
    Situation situation =
        AROUND.situation(
            Json.parse(
                "{\"kind\":\"ModelApp\",\"metadata\":{\"name\":\"digits\",\"namespace\":\"shop\"}}"));

    assertEquals(List.of("digits-x"), situation.pods().stream().map(Json::name).toList());
    assertEquals(1, situation.events().size());
  }

  @Test
  void anEndpointHasTheModelsReplicasBehindIt() {
    Situation situation =
        AROUND.situation(
            Json.parse(
                """
                {"kind":"Service","metadata":{"name":"digits-model","namespace":"shop",
                  "labels":{"berth.dev/modelapp":"digits","berth.dev/component":"endpoint"}},"spec":{}}
                """));

    assertEquals(List.of("digits-x"), situation.pods().stream().map(Json::name).toList());
  }

  private static JsonNode pod(String namespace, String name, String app) {
    return Json.parse(
        """
        {"kind":"Pod","metadata":{"name":"%s","namespace":"%s","uid":"%s",
          "labels":{"berth.dev/modelapp":"%s","berth.dev/component":"model"}}}
        """
            .formatted(name, namespace, name, app));
  }

  private static JsonNode event(String namespace, String pod) {
    return Json.parse(
        """
        {"kind":"Event","metadata":{"namespace":"%s"},
         "involvedObject":{"kind":"Pod","namespace":"%s","name":"%s"}}
        """
            .formatted(namespace, namespace, pod));
  }
}
