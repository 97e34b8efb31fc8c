package dev.berth.cli.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.cli.apply.DeleteVerb.Doomed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class DeleteVerbTest {
  private static final Doomed SERVICE = new Doomed(Kinds.SERVICE, new ObjectKey("default", "a"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"kind\":\"Service\",\"metadata\":{\"name\":\"a\",\"uid\":\"1\"}}",
        "{\"kind\":\"Status\",\"status\":\"Success\",\"details\":{\"name\":\"a\",\"uid\":\"1\"}}"
      })
  void anotherObjectThatTakesTheNameAtOnceIsNotWaitedFor(String answer) {
    Doomed deleted = SERVICE.as(Json.parseObject(answer));

    assertEquals("1", deleted.uid());
    assertTrue(deleted.isStill(service("1")));
    assertFalse(deleted.isStill(service("2")));
  }

  @Test
  void withoutAUidTheNameCounts() {
    assertTrue(SERVICE.as(Json.object()).isStill(service("2")));
  }

  private static ObjectNode service(String uid) {
    return Json.parseObject("{\"metadata\":{\"name\":\"a\",\"uid\":\"%s\"}}".formatted(uid));
  }
}
