package dev.berth.api.schema;

import static dev.berth.api.schema.FieldType.Scalar.BOOLEAN;
import static dev.berth.api.schema.FieldType.Scalar.DURATION;
import static dev.berth.api.schema.FieldType.Scalar.INTEGER;
import static dev.berth.api.schema.FieldType.Scalar.QUANTITY;
import static dev.berth.api.schema.FieldType.Scalar.STRING;
import static dev.berth.api.schema.FieldType.Scalar.TIME;
import static dev.berth.api.schema.Shape.listByKey;
import static dev.berth.api.schema.Shape.listOf;
import static dev.berth.api.schema.Shape.mapOf;

import dev.berth.api.schema.FieldType.ObjectType;

/// The `GitRepository`, written down once, as `OwnKinds` does for the others.
final class GitKinds {
  private static final String V1ALPHA1 = "dev.berth.v1alpha1.";

  /// What is inside the repository: relative, and not out of it.
  private static final String BELOW = "^[^/\\s].*$";

  static final ObjectType GIT_REPOSITORY =
      OwnKinds.kind("GitRepository")
          .add("spec", spec(), f -> f.required().says("What is wanted."))
          .add("status", status(), "What is there; written by the controller.")
          .done();

  private GitKinds() {}

  private static ObjectType spec() {
    Shape spec = Shape.of(V1ALPHA1 + "GitRepositorySpec");
    source(spec);
    return spec.add("sync", sync(), f -> f.says("How a commit becomes objects."))
        .add(
            "serviceAccountName",
            STRING,
            f ->
                f.byDefault("none: namespaced objects of the repository's own namespace only")
                    .like("deployer")
                    .says("ServiceAccount of the same namespace with whose rights is written."))
        .add(
            "suspend",
            BOOLEAN,
            f -> f.byDefault("false").like("true").says("Stops looking and writing; keeps all."))
        .add(
            "historyLimit",
            INTEGER,
            f ->
                f.between(1, 100)
                    .byDefault("10")
                    .like("20")
                    .says("How many syncs are remembered.")
                    .becomes("the length of `status.history`"))
        .done();
  }

  private static void source(Shape spec) {
    spec.add(
            "url",
            STRING,
            f ->
                f.required()
                    .like("https://git.example.com/team/apps.git")
                    .says(
                        "Where the repository is: https, http, ssh or git; file only below the controller's `--allow-file-git`. Without credentials."))
        .add("ref", ref(), f -> f.says("Which revision; at most one of its fields."))
        .add(
            "path",
            STRING,
            f ->
                f.matching(BELOW)
                    .byDefault("the root of the repository")
                    .like("clusters/prod")
                    .says("Folder with the manifests; one that is not there is an error."))
        .add(
            "exclude",
            listOf(STRING),
            f ->
                f.like("[\"**/test/**\"]")
                    .says("Globs of files below `path` that are not manifests."))
        .add(
            "secretRef",
            secret("GitCredentials"),
            f ->
                f.like("{name: git-credentials}")
                    .says(
                        "Secret with `username` and `password`, `bearerToken`, `identity` and `known_hosts`, or `ca.crt`."))
        .add(
            "interval",
            DURATION,
            f ->
                f.byDefault("1m")
                    .like("30s")
                    .says(
                        "How often the remote is asked; at most 24h. `0s` waits for webhooks only."))
        .add("webhook", webhook(), f -> f.says("Who may say that something was pushed."))
        .add(
            "maxSize",
            QUANTITY,
            f ->
                f.byDefault("512Mi")
                    .like("100Mi")
                    .says("What one fetch may bring; at most 16Gi. More is an error."))
        .add(
            "timeout",
            DURATION,
            f ->
                f.byDefault("5m")
                    .like("10m")
                    .says(
                        "How long a sync waits for its objects to be healthy; at most 1h. A new commit ends the wait."))
        .add("verify", verify(), f -> f.says("Whose signatures are asked for."))
        .add(
            "substitute",
            mapOf(STRING),
            f ->
                f.like("{REGION: eu}")
                    .says("Values of `${NAME}` in the manifests; an unknown name is an error.")
                    .becomes("the text in their place; `$${NAME}` stays `${NAME}`"));
  }

  private static ObjectType ref() {
    return Shape.of(V1ALPHA1 + "GitRef")
        .add(
            "branch",
            STRING,
            f ->
                f.byDefault("the branch that the remote's HEAD names")
                    .like("main")
                    .says("Its newest commit."))
        .add("tag", STRING, f -> f.like("v1.4.0").says("The commit of this tag."))
        .add(
            "semver",
            STRING,
            f -> f.like("\">=1.2.0 <2\"").says("The newest tag that is a version in the range."))
        .add(
            "commit",
            STRING,
            f ->
                f.matching("^[0-9a-f]{40}$")
                    .like("3f2a91c0d1e2f3a4b5c6d7e8f9a0b1c2d3e4f5a6")
                    .says("This commit and no other."))
        .done();
  }

  private static ObjectType secret(String name) {
    return Shape.of(V1ALPHA1 + name)
        .add(
            "name",
            STRING,
            f -> f.required().like("git-credentials").says("A Secret of the same namespace."))
        .done();
  }

  private static ObjectType webhook() {
    return Shape.of(V1ALPHA1 + "GitWebhook")
        .add(
            "secretRef",
            secret("GitWebhookKey"),
            f ->
                f.required()
                    .like("{name: git-webhook}")
                    .says(
                        "Secret whose `token` signs what GitHub, GitLab, Gitea or a script sends.")
                    .becomes("`POST /hooks/git/NAMESPACE/NAME`"))
        .done();
  }

  private static ObjectType verify() {
    return Shape.of(V1ALPHA1 + "GitVerify")
        .add(
            "mode",
            STRING,
            f ->
                f.oneOf("HEAD", "Tag", "TagAndHEAD")
                    .byDefault("HEAD")
                    .like("HEAD")
                    .says("What must be signed: the commit, the tag, or both."))
        .add(
            "secretRef",
            secret("GitSigners"),
            f ->
                f.required()
                    .like("{name: signers}")
                    .says("Secret with public keys: PGP as `NAME.asc`, SSH as `NAME.pub`."))
        .done();
  }

  private static ObjectType sync() {
    return Shape.of(V1ALPHA1 + "GitSync")
        .add(
            "mode",
            STRING,
            f ->
                f.oneOf("auto", "manual")
                    .byDefault("auto")
                    .like("manual")
                    .says("`manual` shows the difference and waits for `berth git sync`."))
        .add(
            "selfHeal",
            BOOLEAN,
            f -> f.byDefault("true").like("false").says("Puts back what others changed."))
        .add(
            "wait",
            BOOLEAN,
            f ->
                f.byDefault("true")
                    .like("false")
                    .says("A sync ends when its objects are healthy, not when they are written."))
        .add("prune", prune(), f -> f.says("What happens to objects that left the repository."))
        .add(
            "onDelete",
            STRING,
            f ->
                f.oneOf("orphan", "delete")
                    .byDefault("orphan")
                    .like("delete")
                    .says("What deleting the GitRepository does to what it applied."))
        .add(
            "dependsOn",
            listByKey(dependency(), "name"),
            f -> f.like("[{name: base}]").says("GitRepositories that must be ready first."))
        .add(
            "onFailure",
            STRING,
            f ->
                f.oneOf("keep", "rollback")
                    .byDefault("keep")
                    .like("rollback")
                    .says("`rollback` goes back to the last healthy revision and skips this one."))
        .done();
  }

  private static ObjectType dependency() {
    return Shape.of(V1ALPHA1 + "GitDependency")
        .add(
            "name",
            STRING,
            f -> f.required().like("base").says("A GitRepository of the same namespace."))
        .done();
  }

  private static ObjectType prune() {
    return Shape.of(V1ALPHA1 + "GitPrune")
        .add("enabled", BOOLEAN, f -> f.byDefault("true").like("false").says("Deletes them."))
        .add(
            "maxDeletions",
            INTEGER,
            f ->
                f.between(0, 10_000)
                    .byDefault("10")
                    .like("50")
                    .says("More in one sync wait for a confirmation."))
        .add(
            "maxPercent",
            INTEGER,
            f ->
                f.between(0, 100)
                    .byDefault("30")
                    .like("100")
                    .says("More of all objects in one sync wait for a confirmation."))
        .add(
            "confirmKinds",
            listOf(STRING),
            f ->
                f.byDefault("[Namespace, PersistentVolumeClaim]")
                    .like("[Namespace, Secret]")
                    .says("Kinds of which each single one waits for a confirmation."))
        .done();
  }

  private static ObjectType status() {
    return Shape.of(V1ALPHA1 + "GitRepositoryStatus")
        .add("observedGeneration", INTEGER, "Which generation of the spec this speaks of.")
        .add(
            "conditions",
            listByKey(OwnKinds.CONDITION, "type"),
            "Ready, Reconciling, Stalled, SourceReady, Verified, Synced, Healthy, PruneBlocked, Suspended.")
        .add("lastCheck", lastCheck(), "When the remote was asked last.")
        .add("source", sourceStatus(), "The commit that was found there.")
        .add("attemptedRevision", STRING, "What was tried last.")
        .add("appliedRevision", STRING, "What was written last.")
        .add("healthyRevision", STRING, "What was healthy last.")
        .add("skippedRevisions", listOf(STRING), "What was rolled back and is not tried again.")
        .add("summary", summary(), "How many objects.")
        .add("resources", listOf(resource()), "Each object; at most 500, the worst first.")
        .add("pendingDiff", pendingDiff(), "What a sync would do.")
        .add("pendingConfirmations", listOf(STRING), "What somebody must agree to.")
        .add("history", listOf(history()), "The last syncs, newest first.")
        .add("handledSyncRequest", STRING, "The last request for a sync that was answered.")
        .add("inventory", listOf(STRING), "What is ours to delete.")
        .open()
        .done();
  }

  private static ObjectType lastCheck() {
    return Shape.of(V1ALPHA1 + "GitCheck")
        .add("time", TIME, "When.")
        .add("duration", STRING, "How long it took.")
        .add("nextCheck", TIME, "When it is asked again.")
        .open()
        .done();
  }

  private static ObjectType sourceStatus() {
    return Shape.of(V1ALPHA1 + "GitSource")
        .add("revision", STRING, "BRANCH@sha1:ID.")
        .add("author", STRING, "Who wrote it.")
        .add("subject", STRING, "The first line of its message.")
        .add("committedAt", TIME, "When.")
        .open()
        .done();
  }

  private static ObjectType summary() {
    return Shape.of(V1ALPHA1 + "GitSummary")
        .add("total", INTEGER, "All objects.")
        .add("synced", INTEGER, "As the commit says.")
        .add("outOfSync", INTEGER, "Not as the commit says.")
        .add("pruned", INTEGER, "Deleted by the last sync.")
        .add("healthy", INTEGER, "Those that are well.")
        .add("progressing", INTEGER, "Those on their way.")
        .add("degraded", INTEGER, "Those that are not well.")
        .open()
        .done();
  }

  private static ObjectType resource() {
    return Shape.of(V1ALPHA1 + "GitResource")
        .add("ref", STRING, "KIND.GROUP/NAMESPACE/NAME.")
        .add("sync", STRING, "Synced or OutOfSync.")
        .add("health", STRING, "Healthy, Progressing, Degraded, Missing or Unknown.")
        .add("message", STRING, "Why.")
        .add("wave", INTEGER, "Its wave.")
        .open()
        .done();
  }

  private static ObjectType pendingDiff() {
    return Shape.of(V1ALPHA1 + "GitDiff")
        .add("create", listOf(FieldType.ANY), "What would be made.")
        .add("update", listOf(FieldType.ANY), "What would be changed.")
        .add("delete", listOf(FieldType.ANY), "What would be deleted.")
        .open()
        .done();
  }

  private static ObjectType history() {
    return Shape.of(V1ALPHA1 + "GitHistory")
        .add("revision", STRING, "What was synced.")
        .add("digest", STRING, "Digest of the rendered manifests.")
        .add("startedAt", TIME, "When.")
        .add("duration", STRING, "How long it took.")
        .add("result", STRING, "How it ended.")
        .add("by", STRING, "Who or what asked.")
        .add("message", STRING, "Why it ended so.")
        .open()
        .done();
  }
}
