package dev.berth.controller.resource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

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
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// Server-side apply of an object that says nothing but its name.
class BareApplyTest {
  @Test
  void anObjectOfWhichNobodyOwnsAFieldIsCreatedAndAppliedAgain() {
    Resources resources =
        new Resources(
            new InMemoryStore(),
            () -> Instant.parse("2026-01-01T00:00:00Z"),
            () -> "u",
            new Random(1),
            Cidr.parse("10.96.0.0/16"));
    SystemNamespaces.ensure(resources);
    ObjectKey key = new ObjectKey("default", "bare");
    ObjectNode config =
        Json.parseObject(
            "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"bare\"}}");
    WriteOptions options =
        new WriteOptions(
            false,
            FieldValidation.STRICT,
            List.of(),
            Optional.of(Manager.applying("me", "v1")),
            Gate.OPEN);
    ObjectNode made =
        resources.apply(Kinds.CONFIG_MAP, key, config, Subresource.NONE, options, false).object();
    assertFalse(Json.meta(made).has("managedFields"));
    assertEquals(
        made,
        resources.apply(Kinds.CONFIG_MAP, key, config, Subresource.NONE, options, false).object());
  }
}
