package dev.berth.controller.customkind;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// What a definition means.
class CustomKindTest {
  private static ObjectNode definition(String accepted) {
    return Json.parseObject(
        """
        {"spec": {"group": "example.com", "scope": "Namespaced",
           "names": {"plural": "tabs", "kind": "Tab", "shortNames": ["po"]},
           "versions": [{"name": "v1", "served": true, "storage": true,
             "schema": {"openAPIV3Schema": {"type": "object"}}}]},
         "status": {"conditions": [{"type": "Established", "status": "True"}]%s}}
        """
            .formatted(accepted));
  }

  private static List<String> shortNames(ObjectNode definition) {
    return CustomKind.of(definition).getFirst().schema().type().shortNames();
  }

  @Test
  void namesAreServedAsTheyWereAccepted() {
    String accepted =
        ", \"acceptedNames\": {\"plural\": \"tabs\", \"kind\": \"Tab\", \"shortNames\": [\"t\"]}";
    assertEquals(List.of("t"), shortNames(definition(accepted)));
    assertEquals(List.of("po"), shortNames(definition("")));
  }
}
