package dev.berth.cli.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class ApplierTest {
  private static final ObjectNode LIVE =
      Json.parseObject("{\"metadata\":{\"name\":\"a\"},\"spec\":{\"x\":1}}");

  @Test
  void whatApplyNotesDownForItselfIsNoChange() {
    assertEquals(Json.object(), Applier.withoutMemory(Applier.patch(LIVE, LIVE)));
  }

  @Test
  void annotationsThatAreNoLongerWantedGo() {
    ObjectNode wanted = LIVE.deepCopy();
    Json.ensure(wanted, "metadata", "annotations").put("a", "b");
    ObjectNode live = wanted.deepCopy();
    Json.ensure(live, "metadata", "annotations").put(Applier.LAST_APPLIED, Json.string(wanted));

    ObjectNode annotations =
        (ObjectNode) Json.at(Applier.patch(live, LIVE), "metadata", "annotations");
    assertTrue(annotations.has("a") && annotations.path("a").isNull());
    assertTrue(annotations.path(Applier.LAST_APPLIED).isString());
  }

  @Test
  void theDigestOfAContextIsNoChangeOfThePersons() {
    ObjectNode remembered = LIVE.deepCopy();
    Json.ensure(remembered, "metadata", "annotations")
        .put("own", "x")
        .put("berth.dev/context-digest.model", "sha256:0");
    ObjectNode live = remembered.deepCopy();
    Json.ensure(live, "metadata", "annotations").put(Applier.LAST_APPLIED, Json.string(remembered));
    ObjectNode wanted = LIVE.deepCopy();
    Json.ensure(wanted, "metadata", "annotations").put("own", "x");

    assertEquals(Json.object(), Applier.withoutMemory(Applier.patch(live, wanted)));
  }

  @Test
  void aLabelIsAChange() {
    ObjectNode wanted = LIVE.deepCopy();
    Json.ensure(wanted, "metadata", "labels").put("tier", "web");

    assertEquals(
        Json.parse("{\"metadata\":{\"labels\":{\"tier\":\"web\"}}}"),
        Applier.withoutMemory(Applier.patch(LIVE, wanted)));
  }
}
