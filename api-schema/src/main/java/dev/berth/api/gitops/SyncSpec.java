package dev.berth.api.gitops;

import dev.berth.api.Json;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// How a revision becomes objects.
///
/// @param manual shows the difference and waits until somebody asks for the sync
/// @param selfHeal puts back what others changed
/// @param waits whether a sync ends when its objects are healthy, or when they are written
/// @param deletesWithRepository whether deleting the repository deletes what it applied
/// @param dependsOn names of repositories in the same namespace that must be ready first
/// @param rollsBack whether a revision that fails is left for the last healthy one
public record SyncSpec(
    boolean manual,
    boolean selfHeal,
    boolean waits,
    Prune prune,
    boolean deletesWithRepository,
    List<String> dependsOn,
    boolean rollsBack) {

  /// When objects that left the repository are deleted, and when somebody is asked first.
  ///
  /// @param maxDeletions more in one sync wait for a confirmation
  /// @param maxPercent of all objects, 0 to 100; more in one sync wait for a confirmation
  /// @param confirmKinds kinds of which every single one waits for a confirmation
  public record Prune(boolean enabled, int maxDeletions, int maxPercent, Set<String> confirmKinds) {
    public static final List<String> DEFAULT_CONFIRM_KINDS =
        List.of("Namespace", "PersistentVolumeClaim");

    public Prune {
      confirmKinds = Set.copyOf(confirmKinds);
    }

    static Prune read(JsonNode prune) {
      return new Prune(
          prune.path("enabled").asBoolean(true),
          prune.path("maxDeletions").asInt(10),
          prune.path("maxPercent").asInt(30),
          Set.copyOf(
              prune.path("confirmKinds").isArray()
                  ? GitRepositorySpec.texts(prune.path("confirmKinds"))
                  : DEFAULT_CONFIRM_KINDS));
    }
  }

  public SyncSpec {
    dependsOn = List.copyOf(dependsOn);
  }

  static SyncSpec read(JsonNode sync) {
    return new SyncSpec(
        Json.text(sync, "mode").equals("manual"),
        sync.path("selfHeal").asBoolean(true),
        sync.path("wait").asBoolean(true),
        Prune.read(sync.path("prune")),
        Json.text(sync, "onDelete").equals("delete"),
        sync.path("dependsOn").valueStream().map(each -> Json.text(each, "name")).toList(),
        Json.text(sync, "onFailure").equals("rollback"));
  }
}
