package dev.berth.gitops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.ApiError;
import dev.berth.api.Json;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What leaves the repository: refused deletions, and guards that do not lift themselves.
final class PruneTest extends ServedRepository {
  @BeforeEach
  void start() {
    follow();
  }

  private void write(String... names) throws Exception {
    for (String name : names) {
      git.write(name + ".yaml", configMap(name, "one"));
    }
  }

  private boolean isThere(String name) {
    return rig.cluster.get("ConfigMap/default/" + name).isPresent();
  }

  private List<String> texts(String field) {
    return Json.at(rig.repository("apps"), "status", field)
        .valueStream()
        .map(node -> node.asString(""))
        .toList();
  }

  @Test
  void aRefusedDeletionStaysInTheInventoryUntilItIsAllowed() throws Exception {
    write("a", "b", "c", "d", "e");
    git.push("five");
    rig.settle("apps");
    rig.cluster.allow((ref, actor) -> !ref.name().equals("a"));
    git.delete("a.yaml").push("four");
    rig.pull("apps");
    rig.settle("apps");
    rig.settle("apps");
    assertEquals("False Forbidden", rig.condition("apps", "Synced"));
    assertTrue(texts("inventory").contains("ConfigMap/default/a"), texts("inventory").toString());
    assertEquals(0, Json.at(rig.repository("apps"), "status", "summary", "pruned").asInt());
    rig.cluster.allow((ref, actor) -> true);
    rig.settle("apps");
    assertTrue(!isThere("a"));
    assertEquals("True Succeeded", rig.condition("apps", "Ready"));
    assertEquals(4, texts("inventory").size());
  }

  private void delete(String ref) {
    var object = rig.cluster.get(ref).orElseThrow();
    Json.meta(object).put("deletionTimestamp", "2026-01-01T00:00:00Z");
    rig.cluster.put(object);
  }

  /// With the namespace goes the account that could delete: nobody would be let go.
  @Test
  void aNamespaceThatEndsDoesNotWaitForItsRepositories() throws Exception {
    rig.cluster.put(
        Json.parseObject(
            "{\"apiVersion\": \"v1\", \"kind\": \"Namespace\", \"metadata\": {\"name\": \"default\"}}"));
    follow("\"sync\": {\"onDelete\": \"delete\"}");
    for (String name : List.of("a", "b")) {
      git.write(name + ".yaml", configMap(name + ", namespace: other", "one"));
    }
    write("c");
    git.push("three");
    rig.settle("apps");
    rig.cluster.allow((ref, actor) -> ref.name().equals("b"));
    delete("GitRepository.berth.dev/default/apps");
    assertTrue(rig.look("apps").finalizer(), "it waits, and says for what");
    assertTrue(rig.message("apps", "Ready").startsWith("delete ConfigMap"));
    delete("Namespace//default");
    rig.cluster.trouble(Optional.of(ApiError.fromCode(503, "busy")));
    assertTrue(rig.look("apps").finalizer(), "a moment later it may be taken");
    rig.cluster.trouble(Optional.empty());
    assertTrue(!rig.look("apps").finalizer());
    assertTrue(rig.cluster.get("ConfigMap/other/b").isEmpty());
    assertTrue(rig.cluster.get("ConfigMap/other/a").isPresent(), "stays, and the log says so");
  }

  @Test
  void whatWaitsForAConfirmationWaitsHoweverMuchIsAdded() throws Exception {
    write("a", "b", "c");
    git.push("three");
    rig.settle("apps");
    git.delete("a.yaml").delete("b.yaml").delete("c.yaml");
    write("d", "e", "f", "g", "h", "i", "j");
    git.push("seven others");
    rig.pull("apps");
    rig.settle("apps");
    rig.settle("apps");
    write("k");
    String last = git.push("one more");
    rig.pull("apps");
    rig.settle("apps");
    assertTrue(isThere("a") && isThere("b") && isThere("c"), "nobody agreed");
    assertEquals("True PruneGuard", rig.condition("apps", "PruneBlocked"));
    assertEquals(3, texts("pendingConfirmations").size());
    rig.annotate("apps", "berth.dev/confirm-prune", last);
    rig.settle("apps");
    assertTrue(!isThere("a") && isThere("k"));
  }
}
