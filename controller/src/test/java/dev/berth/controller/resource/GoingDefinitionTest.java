package dev.berth.controller.resource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.ApiException;
import dev.berth.api.Cidr;
import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.GroupVersionKind;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.controller.admission.FieldValidation;
import dev.berth.controller.storage.InMemoryStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// Objects that are created while their definition goes. What happens between the check and the
/// commit happens in the gate.
class GoingDefinitionTest {
  private static final ObjectKey DEFINITION = ObjectKey.clusterScoped("tabs.example.com");
  private static final ObjectKey TAB = new ObjectKey("default", "a");
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final Resources resources =
      new Resources(
          new InMemoryStore(), () -> NOW, () -> "u", new Random(1), Cidr.parse("10.96.0.0/16"));

  @BeforeEach
  void define() {
    SystemNamespaces.ensure(resources);
    ObjectNode definition =
        Json.parseObject(
            """
            {"metadata": {"name": "tabs.example.com"},
             "spec": {"group": "example.com", "scope": "Namespaced",
               "names": {"plural": "tabs", "kind": "Tab"},
               "versions": [{"name": "v1", "served": true, "storage": true,
                 "schema": {"openAPIV3Schema": {"type": "object"}}}]}}
            """);
    resources.create(Kinds.CUSTOM_RESOURCE_DEFINITION, "", definition, WriteOptions.DEFAULT);
    resources.patch(
        Kinds.CUSTOM_RESOURCE_DEFINITION,
        DEFINITION,
        Subresource.STATUS,
        WriteOptions.DEFAULT,
        found -> {
          Conditions.set(found, new Condition("Established", Condition.TRUE, "", "", NOW, 0));
          return found;
        });
  }

  private ResourceType type() {
    return resources.kinds().byKind(new GroupVersionKind("example.com", "v1", "Tab")).orElseThrow();
  }

  private ApiException refused(Gate between) {
    ObjectNode tab = Json.object();
    Json.meta(tab).put("name", "a");
    ResourceType type = type();
    var options =
        new WriteOptions(false, FieldValidation.WARN, List.of(), Optional.empty(), between);
    ApiException refusal =
        assertThrows(ApiException.class, () -> resources.create(type, "default", tab, options));
    assertTrue(resources.find(type, TAB).isEmpty());
    return refusal;
  }

  private void mark() {
    resources.delete(Kinds.CUSTOM_RESOURCE_DEFINITION, DEFINITION, DeleteOptions.DEFAULT);
  }

  private void remove() {
    mark();
    resources.patch(
        Kinds.CUSTOM_RESOURCE_DEFINITION,
        DEFINITION,
        Subresource.NONE,
        WriteOptions.DEFAULT,
        found -> {
          Json.meta(found).remove("finalizers");
          return found;
        });
  }

  @Test
  void nothingIsCreatedOnceItGoes() {
    mark();
    ApiException refusal = refused(Gate.OPEN);
    assertEquals(405, refusal.error().code());
    assertEquals(
        "create not allowed while custom resource definition is terminating",
        refusal.error().message());
  }

  @Test
  void oneThatIsStoredAfterItBeganToGoIsTakenBack() {
    assertEquals(405, refused((_, _, _) -> mark()).error().code());
  }

  @Test
  void oneThatIsStoredAfterItHasGoneIsTakenBack() {
    assertEquals(404, refused((_, _, _) -> remove()).error().code());
  }
}
