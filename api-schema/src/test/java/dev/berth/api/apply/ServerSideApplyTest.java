package dev.berth.api.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.apply.ServerSideApply.Applied;
import dev.berth.api.codec.Manifests;
import dev.berth.api.schema.FieldType.ObjectType;
import dev.berth.api.schema.Schemas;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class ServerSideApplyTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant LATER = Instant.parse("2026-01-01T01:00:00Z");
  private static final ObjectType TYPE = Schemas.of(Kinds.DEPLOYMENT).root();
  private static final Manager ALICE = Manager.applying("alice", "apps/v1");
  private static final Manager BOB = Manager.applying("bob", "apps/v1");

  private static ObjectNode yaml(String text) {
    return Manifests.parse("apply.yaml", text.getBytes(StandardCharsets.UTF_8)).getFirst().tree();
  }

  private static ObjectNode deployment(String spec) {
    return yaml(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\nspec: "
            + spec);
  }

  private static Applied apply(Optional<ObjectNode> live, ObjectNode config, Manager manager) {
    return ServerSideApply.apply(live, config, TYPE, manager, false, NOW);
  }

  private static ObjectNode applied(ObjectNode live, ObjectNode config, Manager manager) {
    Applied applied = apply(Optional.of(live), config, manager);
    assertEquals(List.of(), applied.conflicts());
    return applied.object();
  }

  private static ObjectNode created(String spec, Manager manager) {
    return apply(Optional.empty(), deployment(spec), manager).object();
  }

  private static String owned(ObjectNode object, Manager manager) {
    return Json.string(ManagedFields.of(object).ownedBy(manager).toJson());
  }

  @Test
  void anApplierOwnsWhatItWroteAndNothingThatTheServerOwns() {
    ObjectNode created = created("{replicas: 2, selector: {matchLabels: {a: b}}}", ALICE);
    assertEquals("{\"f:spec\":{\"f:replicas\":{},\"f:selector\":{}}}", owned(created, ALICE));
    assertEquals(
        "{\"manager\":\"alice\",\"operation\":\"Apply\",\"apiVersion\":\"apps/v1\",\"time\":\"2026-01-01T00:00:00Z\","
            + "\"fieldsType\":\"FieldsV1\",\"fieldsV1\":{\"f:spec\":{\"f:replicas\":{},\"f:selector\":{}}}}",
        Json.string(Json.at(created, "metadata", "managedFields").path(0)));
  }

  @Test
  void listElementsAreOwnedByTheirKeysWithTheDefaultProtocolFilledIn() {
    ObjectNode created =
        created(
            "{template: {spec: {containers: [{name: c, ports: [{containerPort: 80}], args: [x]}]}}}",
            ALICE);
    assertEquals(
        "{\"f:spec\":{\"f:template\":{\"f:spec\":{\"f:containers\":{\"k:{\\\"name\\\":\\\"c\\\"}\":"
            + "{\".\":{},\"f:args\":{},\"f:name\":{},\"f:ports\":{\"k:{\\\"containerPort\\\":80,\\\"protocol\\\":\\\"TCP\\\"}\":"
            + "{\".\":{},\"f:containerPort\":{}}}}}}}}}",
        owned(created, ALICE));
  }

  @Test
  void anotherValueOfAnOwnedFieldIsAConflictInKubernetesWords() {
    ObjectNode live = deployment("{replicas: 1}");
    live =
        ManagedFields.afterUpdate(
            Json.object(), live, Manager.updating("kubectl", "apps/v1"), TYPE, NOW);
    Applied applied = apply(Optional.of(live), deployment("{replicas: 3}"), ALICE);
    assertEquals(1, applied.conflicts().size());
    assertEquals(
        "Apply failed with 1 conflict: conflict with \"kubectl\" using apps/v1: .spec.replicas",
        Conflict.error(applied.conflicts()).message());
    assertEquals(live, applied.object());
  }

  @Test
  void severalConflictsAreListedByManager() {
    ObjectNode live = created("{replicas: 1, paused: true}", BOB);
    Applied applied = apply(Optional.of(live), deployment("{replicas: 3, paused: false}"), ALICE);
    assertEquals(
        "Apply failed with 2 conflicts: conflicts with \"bob\":\n- .spec.paused\n- .spec.replicas",
        Conflict.error(applied.conflicts()).message());
  }

  @Test
  void forceTakesTheFieldOver() {
    ObjectNode live = created("{replicas: 1, paused: true}", BOB);
    Applied applied =
        ServerSideApply.apply(
            Optional.of(live), deployment("{replicas: 3}"), TYPE, ALICE, true, NOW);
    assertEquals(3, Json.at(applied.object(), "spec", "replicas").asInt());
    assertEquals("{\"f:spec\":{\"f:replicas\":{}}}", owned(applied.object(), ALICE));
    assertEquals("{\"f:spec\":{\"f:paused\":{}}}", owned(applied.object(), BOB));
  }

  @Test
  void theSameValueIsSharedAndNoConflict() {
    ObjectNode live = created("{replicas: 1}", BOB);
    ObjectNode shared = applied(live, deployment("{replicas: 1}"), ALICE);
    assertEquals(owned(shared, ALICE), owned(shared, BOB));
  }

  @Test
  void whatIsNoLongerAppliedGoesUnlessSomebodyElseHasIt() {
    ObjectNode live =
        applied(
            created("{replicas: 1, paused: true, minReadySeconds: 5}", ALICE),
            deployment("{paused: true}"),
            BOB);
    ObjectNode after = applied(live, deployment("{replicas: 1}"), ALICE);
    assertEquals("{\"replicas\":1,\"paused\":true}", Json.string(after.path("spec")));
  }

  @Test
  void aDroppedContainerGoesAndOthersStay() {
    String two = "{template: {spec: {containers: [{name: a, image: x}, {name: b, image: z}]}}}";
    String one = "{template: {spec: {containers: [{name: b, image: z}]}}}";
    ObjectNode after = applied(created(two, ALICE), deployment(one), ALICE);
    assertEquals(
        "[{\"name\":\"b\",\"image\":\"z\"}]",
        Json.string(Json.at(after, "spec", "template", "spec", "containers")));
  }

  @Test
  void anEmptiedStructGoesWithItsLastField() {
    ObjectNode live = created("{replicas: 1, strategy: {rollingUpdate: {maxSurge: 1}}}", ALICE);
    ObjectNode after = applied(live, deployment("{replicas: 1}"), ALICE);
    assertEquals("{\"replicas\":1}", Json.string(after.path("spec")));
  }

  @Test
  void applyingTheSameAgainChangesNothingNotEvenTheTime() {
    ObjectNode live = created("{replicas: 1}", ALICE);
    Applied again =
        ServerSideApply.apply(
            Optional.of(live), deployment("{replicas: 1}"), TYPE, ALICE, false, LATER);
    assertEquals(live, again.object());
  }

  @Test
  void anUpdateTakesOwnershipAndLeavesTheApplierTheRest() {
    ObjectNode live = created("{replicas: 1, paused: true}", ALICE);
    ObjectNode changed = live.deepCopy();
    Json.ensure(changed, "spec").put("replicas", 5);
    Manager editor = Manager.updating("kubectl-edit", "apps/v1");
    ObjectNode after = ManagedFields.afterUpdate(live, changed, editor, TYPE, LATER);
    assertEquals("{\"f:spec\":{\"f:paused\":{}}}", owned(after, ALICE));
    assertEquals("{\"f:spec\":{\"f:replicas\":{}}}", owned(after, editor));
  }

  @Test
  void aCreateOwnsMapsAndListsAsKubernetesWritesThem() {
    ObjectNode pod =
        deployment(
            "{replicas: 1, template: {metadata: {labels: {app: x}}, spec: {containers: [{name: c, resources: {}}]}}}");
    Manager kubectl = Manager.updating("kubectl-create", "apps/v1");
    ObjectNode after = ManagedFields.afterUpdate(Json.object(), pod, kubectl, TYPE, NOW);
    assertEquals(
        "{\"f:spec\":{\"f:replicas\":{},\"f:template\":{\"f:metadata\":{\"f:labels\":{\".\":{},\"f:app\":{}}},"
            + "\"f:spec\":{\"f:containers\":{\"k:{\\\"name\\\":\\\"c\\\"}\":{\".\":{},\"f:name\":{},\"f:resources\":{}}}}}}}",
        owned(after, kubectl));
  }

  @Test
  void aStatusWriteHasItsOwnEntryAndOwnsNothingElse() {
    ObjectNode live = created("{replicas: 1}", ALICE);
    ObjectNode changed = live.deepCopy();
    Json.ensure(changed, "status").put("replicas", 1);
    Manager agent = new Manager("berth", Manager.UPDATE, "apps/v1", "status");
    ObjectNode after = ManagedFields.afterUpdate(live, changed, agent, TYPE, NOW);
    assertEquals("{\"f:status\":{\"f:replicas\":{}}}", owned(after, agent));
    assertEquals(
        "status", Json.text(Json.at(after, "metadata", "managedFields").path(1), "subresource"));
  }

  @Test
  void statusInAConfigurationOfTheObjectCountsForNothing() {
    ObjectNode config = deployment("{replicas: 1}");
    Json.ensure(config, "status").put("replicas", 9);
    ObjectNode created = apply(Optional.empty(), config, ALICE).object();
    assertFalse(created.has("status"));
    assertEquals("{\"f:spec\":{\"f:replicas\":{}}}", owned(created, ALICE));
  }

  @Test
  void aListWithOneEmptyEntryForgetsEveryOwner() {
    ObjectNode live = created("{replicas: 1}", ALICE);
    ObjectNode reset = live.deepCopy();
    Json.meta(reset).putArray("managedFields").addObject();
    Manager anyone = Manager.updating("x", "apps/v1");
    ObjectNode after = ManagedFields.afterUpdate(live, reset, anyone, TYPE, NOW);
    assertTrue(ManagedFields.of(after).entries().isEmpty());
  }

  @Test
  void elevenUpdatersBecomeTenAndAncientChangesIsOneOfThem() {
    ObjectNode object = deployment("{}");
    for (int i = 0; i < 12; i++) {
      ObjectNode changed = object.deepCopy();
      Json.ensure(changed, "metadata", "labels").put("l" + i, "x");
      Manager manager = Manager.updating("m" + i, "apps/v1");
      object = ManagedFields.afterUpdate(object, changed, manager, TYPE, NOW.plusSeconds(60L * i));
    }
    List<String> names =
        ManagedFields.of(object).entries().stream().map(e -> e.manager().name()).toList();
    assertEquals(10, names.size());
    assertTrue(names.contains("ancient-changes"));
  }

  @Test
  void anAtomicListIsReplacedAndConflictsAsAWhole() {
    ObjectNode live = created("{template: {spec: {containers: [{name: c, args: [a, b]}]}}}", BOB);
    Applied applied =
        apply(
            Optional.of(live),
            deployment("{template: {spec: {containers: [{name: c, args: [a]}]}}}"),
            ALICE);
    assertEquals(
        ".spec.template.spec.containers[name=\"c\"].args", applied.conflicts().getFirst().field());
  }

  @Test
  void configurationsOfTheSameKeyTwiceAreRefused() {
    ObjectNode config = deployment("{template: {spec: {containers: [{name: c}, {name: c}]}}}");
    ApiException refused =
        assertThrows(ApiException.class, () -> apply(Optional.empty(), config, ALICE));
    assertEquals(400, refused.error().code());
    assertTrue(refused.error().message().contains("duplicate entries for key [name=\"c\"]"));
  }

  @Test
  void managedFieldsInAConfigurationAreRefused() {
    ObjectNode config = deployment("{replicas: 1}");
    Json.meta(config).putArray("managedFields").addObject().put("manager", "x");
    ApiException refused =
        assertThrows(ApiException.class, () -> apply(Optional.empty(), config, ALICE));
    assertEquals("metadata.managedFields must be nil", refused.error().message());
  }

  @Test
  void kubectlTakesOverWhatItsOwnAnnotationSays() {
    ObjectNode live = deployment("{replicas: 1}");
    Json.ensure(live, "metadata", "annotations")
        .put(LastApplied.ANNOTATION, Json.string(deployment("{replicas: 1}")));
    Manager before = Manager.updating("kubectl-client-side-apply", "apps/v1");
    live = ManagedFields.afterUpdate(Json.object(), live, before, TYPE, NOW);
    Manager kubectl = Manager.applying("kubectl", "apps/v1");
    ObjectNode after = applied(live, deployment("{replicas: 2}"), kubectl);
    assertEquals(2, Json.at(after, "spec", "replicas").asInt());
    assertTrue(
        Json.annotation(after, LastApplied.ANNOTATION).orElse("").contains("\"replicas\":2"));
  }

  @Test
  void elementsThatOnlyTheServerHasKeepTheirPlace() {
    ObjectNode live =
        created("{template: {spec: {containers: [{name: side}, {name: a}, {name: b}]}}}", BOB);
    ObjectNode after =
        applied(
            live, deployment("{template: {spec: {containers: [{name: b}, {name: a}]}}}"), ALICE);
    assertEquals(
        "[{\"name\":\"side\"},{\"name\":\"b\"},{\"name\":\"a\"}]",
        Json.string(Json.at(after, "spec", "template", "spec", "containers")));
  }
}
