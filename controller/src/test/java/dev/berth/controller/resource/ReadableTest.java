package dev.berth.controller.resource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.berth.api.ApiException;
import dev.berth.api.Cidr;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.apply.Manager;
import dev.berth.controller.admission.FieldValidation;
import dev.berth.controller.storage.InMemoryStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// What was stored can be read again: otherwise it would take every list of its kind along.
class ReadableTest {
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

  private static ObjectNode revision(ObjectNode data) {
    ObjectNode revision =
        Json.parseObject(
            "{\"apiVersion\":\"apps/v1\",\"kind\":\"ControllerRevision\",\"revision\":1}");
    Json.meta(revision).put("name", "deep");
    revision.set("data", data);
    return revision;
  }

  private static int code(Runnable write) {
    return assertThrows(ApiException.class, write::run).error().code();
  }

  /// Each part of a patch may be within the limits.
  @Test
  void aPatchDoesNotMakeWhatIsThereTooDeep() {
    ObjectKey key = new ObjectKey("default", "deep");
    ObjectNode map = Json.object();
    Json.meta(map).put("name", "deep");
    WriteOptions me =
        new WriteOptions(
            false,
            FieldValidation.WARN,
            List.of(),
            Optional.of(Manager.updating("me", "v1")),
            Gate.OPEN);
    ObjectNode made = resources.create(Kinds.CONFIG_MAP, "default", map, me).object();
    Runnable deeper =
        () -> resources.patch(Kinds.CONFIG_MAP, key, Subresource.NONE, me, ReadableTest::deepened);
    assertEquals(400, code(deeper));
    assertEquals(made, resources.get(Kinds.CONFIG_MAP, key).tree());
  }

  private static ObjectNode deepened(ObjectNode map) {
    ObjectNode owner = Json.meta(map).withArray("managedFields").addObject();
    owner.put("manager", "you").put("operation", "Update").put("apiVersion", "v1");
    ObjectNode here = owner.put("fieldsType", "FieldsV1").putObject("fieldsV1");
    for (int i = 0; i < 150; i++) {
      here = here.putObject("f:x");
    }
    return map;
  }

  @Test
  void aNameThatIsTooLongIsRefused() {
    ObjectNode data = Json.object().put("x".repeat(5_000), 1);
    assertEquals(
        400,
        code(
            () ->
                resources.create(
                    Kinds.CONTROLLER_REVISION, "default", revision(data), WriteOptions.DEFAULT)));
  }
}
