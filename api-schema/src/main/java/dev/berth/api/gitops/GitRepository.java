package dev.berth.api.gitops;

import dev.berth.api.Json;
import dev.berth.api.ObjectKey;
import tools.jackson.databind.JsonNode;

/// A repository whose manifests are kept applied. What somebody asks of it at one moment (sync now,
/// roll back, confirm a prune) stands in its annotations.
public record GitRepository(
    String namespace, String name, String uid, long generation, GitRepositorySpec spec) {

  /// Who applies what comes from a repository.
  public static final String FIELD_MANAGER = "berth-gitops";

  /// On applied objects: the name of their repository (label), and `NAMESPACE/NAME` (annotation).
  public static final String OWNER = "berth.dev/git-repository";

  /// On applied objects: `disabled` keeps one that left the repository, `confirm` asks first.
  public static final String PRUNE = "berth.dev/prune";

  /// On applied objects: a whole number; lower ones are applied first, and are healthy before the
  /// next begin.
  public static final String WAVE = "berth.dev/wave";

  /// On the repository: any text; another one than `status.handledSyncRequest` asks for a sync.
  public static final String SYNC_REQUESTED = "berth.dev/sync-requested";

  /// On the repository: the revision whose waiting deletions somebody agrees to.
  public static final String CONFIRM_PRUNE = "berth.dev/confirm-prune";

  /// On the repository: the revision of its history to go back to.
  public static final String ROLLBACK_TO = "berth.dev/rollback-to";

  /// Keeps a repository with `onDelete: delete` until what it applied is gone.
  public static final String FINALIZER = "berth.dev/gitops";

  /// Reads an object that the schema accepts; defaults are applied here and nowhere else.
  public static GitRepository read(JsonNode object) {
    return new GitRepository(
        Json.namespace(object),
        Json.name(object),
        Json.uid(object),
        Json.generation(object),
        GitRepositorySpec.read(object.path("spec")));
  }

  public ObjectKey key() {
    return new ObjectKey(namespace, name);
  }
}
