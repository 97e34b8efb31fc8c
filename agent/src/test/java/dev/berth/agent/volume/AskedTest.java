package dev.berth.agent.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.Json;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// Whether a pod's first files are as new as the API says.
class AskedTest {
  private Optional<ObjectNode> there = Optional.empty();
  private final Asked asked = new Asked(new Lagging());

  private final class Lagging implements References {
    @Override
    public Optional<ObjectNode> find(String kind, String namespace, String name) {
      return there;
    }

    @Override
    public Optional<ObjectNode> current(String kind, String namespace, String name) {
      return Optional.of(Json.object().put("is", "told"));
    }
  }

  private String found() {
    return asked.find("ConfigMap", "n", "c").map(o -> Json.text(o, "is")).orElse("none");
  }

  @Test
  void theFirstIsAskedForAndTheNextAreTold() {
    assertEquals("none", found());
    there = Optional.of(Json.object().put("is", "asked"));
    assertEquals("asked", found());
    assertEquals("told", found());
    asked.forget();
    assertEquals("asked", found());
  }
}
