package dev.berth.agent.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class GuardTest {
  private static JsonNode pod(String component, String address) {
    String text =
        "{\"metadata\":{\"name\":\"p\",\"labels\":{\"berth.dev/component\":\""
            + component
            + "\"}},\"status\":{\"podIP\":\""
            + address
            + "\"}}";
    return Json.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aModelPodOfThisHostIsGuardedBeforeAnySliceNamesIt() {
    ServiceTable table =
        ServiceTable.compute(
            List.of(),
            List.of(),
            List.of(pod("model", "10.0.0.7"), pod("app", "10.0.0.8")),
            _ -> Optional.empty());
    assertEquals(List.of("10.0.0.7"), table.modelPods());
    assertEquals(List.of("10.0.0.7", "10.0.0.9"), table.guarding(Set.of("10.0.0.9")).modelPods());
  }

  @Test
  void theKernelsOwnListIsReadBack() {
    String listing =
        """
        table inet berth {
          set model_pods {
            elements = { 10.42.0.3, 10.42.0.5 }
          }
        }
        """;
    assertEquals(Set.of("10.42.0.3", "10.42.0.5"), Ruleset.elements(listing));
    assertEquals(Set.of(), Ruleset.elements("table inet berth {\n\tset model_pods {\n\t}\n}\n"));
  }
}
