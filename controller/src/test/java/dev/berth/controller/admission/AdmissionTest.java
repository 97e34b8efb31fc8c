package dev.berth.controller.admission;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.schema.Schemas;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// Rules that became stricter since an object was stored.
class AdmissionTest {
  private static ObjectNode stored() {
    return Json.parseObject(
        """
        {"apiVersion":"berth.dev/v1alpha1","kind":"ModelApp",
         "metadata":{"name":"old","namespace":"default","uid":"u","resourceVersion":"5"},
         "spec":{"model":{"image":"m:1","gpu":"yes","port":99999}}}\
        """);
  }

  private static void admit(ObjectNode next) {
    Admission.admit(Schemas.of(Kinds.MODEL_APP), next, stored(), FieldValidation.STRICT);
  }

  @Test
  void theStatusOfAnObjectWithARefusedFieldCanStillBeWritten() {
    ObjectNode next = stored();
    Json.ensure(next, "status").put("observedGeneration", 1);
    assertDoesNotThrow(() -> admit(next));
  }

  @Test
  void theNextChangeOfItsSpecIsHeldAgainstTheRules() {
    ObjectNode next = stored();
    Json.ensure(next, "spec", "model").put("image", "m:2");
    assertThrows(ApiException.class, () -> admit(next));
  }
}
