package dev.berth.controller.resource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.ApiException;
import dev.berth.api.Cidr;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.apply.Manager;
import dev.berth.controller.admission.FieldValidation;
import dev.berth.controller.storage.InMemoryStore;
import dev.berth.controller.storage.Mutation;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// Fields that a built-in kind does not have are told of and not stored, whatever way they come.
class UnknownFieldsTest {
  private static final ObjectKey KEY = new ObjectKey("default", "x");

  private final InMemoryStore store = new InMemoryStore();
  private final Resources resources =
      new Resources(
          store,
          () -> Instant.parse("2026-01-01T00:00:00Z"),
          () -> "u",
          new Random(1),
          Cidr.parse("10.96.0.0/16"));

  @BeforeEach
  void begin() {
    SystemNamespaces.ensure(resources);
  }

  private static WriteOptions by(Manager manager, FieldValidation validation) {
    return new WriteOptions(false, validation, List.of(), Optional.of(manager), Gate.OPEN);
  }

  private static WriteOptions updating(FieldValidation validation) {
    return by(Manager.updating("me", "coordination.k8s.io/v1"), validation);
  }

  private static ObjectNode lease() {
    return Json.parseObject(
        """
        {"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": {"name": "x"},
         "spec": {"holderIdentity": "h", "bogus": 1}, "bogus": [null]}
        """);
  }

  private void requireClean(Written written, int warnings) {
    assertFalse(written.object().toString().contains("bogus"), written.object().toString());
    assertEquals(warnings, written.warnings().size(), written.warnings().toString());
    String stored = resources.get(Kinds.LEASE, KEY).tree().toString();
    assertFalse(stored.contains("bogus"), stored);
    assertTrue(stored.contains("f:holderIdentity"), stored);
  }

  @Test
  void theyAreDroppedAtEveryWrite() {
    WriteOptions warn = updating(FieldValidation.WARN);
    requireClean(resources.create(Kinds.LEASE, "default", lease(), warn), 2);
    requireClean(resources.update(Kinds.LEASE, KEY, lease(), Subresource.NONE, warn), 2);
    WriteOptions ignore = updating(FieldValidation.IGNORE);
    requireClean(
        resources.patch(Kinds.LEASE, KEY, Subresource.NONE, ignore, now -> now.put("bogus", true)),
        0);
    WriteOptions apply =
        by(Manager.applying("other", "coordination.k8s.io/v1"), FieldValidation.WARN);
    requireClean(resources.apply(Kinds.LEASE, KEY, lease(), Subresource.NONE, apply, true), 2);
  }

  @Test
  void strictWritersAreRefused() {
    WriteOptions strict = updating(FieldValidation.STRICT);
    assertEquals(
        400,
        assertThrows(
                ApiException.class, () -> resources.create(Kinds.LEASE, "default", lease(), strict))
            .error()
            .code());
  }

  @Test
  void ownersWhoseTimeIsNoneAreRefusedInAStatusToo() {
    WriteOptions me = by(Manager.updating("me", "v1"), FieldValidation.WARN);
    ObjectNode pod =
        Json.parseObject(
            """
            {"metadata": {"name": "x"}, "spec": {"containers": [{"name": "c", "image": "i:1"}]}}
            """);
    ObjectNode next = Json.deepCopy(resources.create(Kinds.POD, "default", pod, me).object());
    ((ObjectNode) Json.at(next, "metadata", "managedFields").path(0)).put("time", "xxx");
    assertEquals(422, refusal(next, Subresource.NONE, me));
    assertEquals(400, refusal(next, Subresource.STATUS, me));
  }

  /// An earlier version stored them: that they go is not a change of the spec.
  @Test
  void aPodThatWasStoredWithThemStillGetsItsStatus() {
    ObjectNode pod =
        Json.parseObject(
            """
            {"metadata": {"name": "x"}, "spec": {"containers": [{"name": "c", "image": "i:1"}]}}
            """);
    ObjectNode old =
        Json.deepCopy(resources.create(Kinds.POD, "default", pod, WriteOptions.DEFAULT).object());
    ((ObjectNode) Json.at(old, "spec", "containers").path(0)).put("imagePullPolcy", "Never");
    long at = resources.get(Kinds.POD, KEY).revision();
    store.commit(new Mutation.Put(StoreKeys.key(Kinds.POD, KEY), at, Encoding.of(old)));
    resources.patch(
        Kinds.POD,
        KEY,
        Subresource.STATUS,
        WriteOptions.DEFAULT,
        now -> {
          Json.ensure(now, "status").put("phase", "Running");
          return now;
        });
    ObjectNode stored = resources.get(Kinds.POD, KEY).tree();
    assertEquals("Running", Json.text(stored, "status", "phase"));
    assertEquals(1, Json.generation(stored));
    assertFalse(stored.toString().contains("Polcy"), stored.toString());
  }

  private int refusal(ObjectNode next, Subresource part, WriteOptions options) {
    return assertThrows(
            ApiException.class, () -> resources.update(Kinds.POD, KEY, next, part, options))
        .error()
        .code();
  }
}
