package dev.berth.api.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.apply.ServerSideApply.Applied;
import dev.berth.api.schema.FieldType.ObjectType;
import dev.berth.api.schema.Schemas;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What holds whatever is applied; every case is made of a seed, which a failure names.
class ApplyPropertiesTest {
  private static final int CASES = 200;
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final ObjectType TYPE = Schemas.of(Kinds.POD).root();
  private static final Manager ALICE = Manager.applying("alice", "v1");
  private static final Manager BOB = Manager.applying("bob", "v1");

  /// Labels, a list by key with a list by two keys in it, a set, an atomic list.
  private static ObjectNode config(Random random, String prefix) {
    ObjectNode pod = Json.object().put("apiVersion", "v1").put("kind", "Pod");
    ObjectNode metadata = pod.putObject("metadata").put("name", "p");
    for (int i = random.nextInt(3); i > 0; i--) {
      Json.ensure(metadata, "labels").put(prefix + random.nextInt(4), "v" + random.nextInt(3));
    }
    if (random.nextBoolean()) {
      metadata.putArray("finalizers").add(prefix + random.nextInt(2) + "/f");
    }
    ArrayNode containers = Json.array();
    for (int i = 0; i < 3; i++) {
      if (random.nextBoolean()) {
        container(containers.addObject().put("name", prefix + i), random);
      }
    }
    if (!containers.isEmpty()) {
      pod.putObject("spec").set("containers", containers);
    }
    return pod;
  }

  private static void container(ObjectNode container, Random random) {
    if (random.nextBoolean()) {
      container.put("image", "i" + random.nextInt(3));
    }
    if (random.nextBoolean()) {
      container.putArray("args").add("a" + random.nextInt(2));
    }
    if (random.nextBoolean()) {
      container.putArray("ports").addObject().put("containerPort", 80 + random.nextInt(2));
    }
    if (random.nextBoolean()) {
      Json.ensure(container, "resources", "limits").put("cpu", "" + (1 + random.nextInt(3)));
    }
  }

  private static ObjectNode apply(Optional<ObjectNode> live, ObjectNode config, Manager manager) {
    Applied applied = ServerSideApply.apply(live, config, TYPE, manager, true, NOW);
    assertEquals(List.of(), applied.conflicts());
    return applied.object();
  }

  private static ObjectNode content(ObjectNode object) {
    return Scope.withoutManagedFields(object);
  }

  @Test
  void applyingTwiceIsApplyingOnce() {
    for (long seed = 1; seed <= CASES; seed++) {
      Random random = new Random(seed);
      ObjectNode live = apply(Optional.empty(), config(random, "a"), BOB);
      ObjectNode config = config(random, "a");
      ObjectNode once = apply(Optional.of(live), config, ALICE);
      assertEquals(once, apply(Optional.of(once), config, ALICE), "seed " + seed);
    }
  }

  @Test
  void theLastConfigurationAloneDecidesWhatASingleManagerLeaves() {
    for (long seed = 1; seed <= CASES; seed++) {
      Random random = new Random(seed);
      ObjectNode first = config(random, "a");
      ObjectNode second = config(random, "a");
      ObjectNode direct = apply(Optional.empty(), second, ALICE);
      ObjectNode after = apply(Optional.of(apply(Optional.empty(), first, ALICE)), second, ALICE);
      assertEquals(Json.string(sorted(direct)), Json.string(sorted(after)), "seed " + seed);
    }
  }

  private static ObjectNode sorted(ObjectNode object) {
    return Json.parseObject(Json.canonical(content(object)));
  }

  @Test
  void managersOfDisjointFieldsCommute() {
    for (long seed = 1; seed <= CASES; seed++) {
      Random random = new Random(seed);
      ObjectNode a = config(random, "a");
      ObjectNode b = config(random, "b");
      ObjectNode ab = apply(Optional.of(apply(Optional.empty(), a, ALICE)), b, BOB);
      ObjectNode ba = apply(Optional.of(apply(Optional.empty(), b, BOB)), a, ALICE);
      assertEquals(paths(ab), paths(ba), "seed " + seed);
      assertEquals(
          ManagedFields.of(ab).ownedBy(ALICE), ManagedFields.of(ba).ownedBy(ALICE), "seed " + seed);
    }
  }

  private static FieldSet paths(ObjectNode object) {
    return Ownership.of(content(object), TYPE);
  }

  @Test
  void everyFieldHasAnOwnerAndEveryOwnedFieldExists() {
    for (long seed = 1; seed <= CASES; seed++) {
      Random random = new Random(seed);
      ObjectNode live = apply(Optional.empty(), config(random, "a"), ALICE);
      live = apply(Optional.of(live), config(random, "a"), BOB);
      live = apply(Optional.of(live), config(random, "a"), ALICE);
      FieldSet owned = FieldSet.EMPTY;
      for (ManagedFields.Entry entry : ManagedFields.of(live).entries()) {
        owned = owned.union(entry.fields());
      }
      assertEquals(Scope.owned(paths(live), ""), owned, "seed " + seed);
    }
  }

  @Test
  void fieldSetsAreWhatTheirJsonSaysAndObeyTheLawsOfSets() {
    for (long seed = 1; seed <= CASES; seed++) {
      Random random = new Random(seed);
      FieldSet a = paths(config(random, "a"));
      FieldSet b = paths(config(random, "a"));
      assertEquals(a, FieldSet.fromJson(a.toJson()).orElseThrow(), "seed " + seed);
      assertEquals(a, a.difference(b).union(a.intersection(b)), "seed " + seed);
      assertEquals(a.union(b), b.union(a), "seed " + seed);
      assertTrue(a.difference(a).isEmpty(), "seed " + seed);
    }
  }
}
