package dev.berth.controller.gitops;

import dev.berth.api.ApiException;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.api.gitops.GitRepository;
import dev.berth.controller.auth.Authorizer;
import dev.berth.controller.imageregistry.RegistryWriter;
import dev.berth.controller.reconcile.Action;
import dev.berth.controller.reconcile.Cluster;
import dev.berth.controller.reconcile.Note;
import dev.berth.controller.reconcile.ReconcileLoop;
import dev.berth.controller.reconcile.Reconciler;
import dev.berth.controller.reconcile.Result;
import dev.berth.controller.resource.ListWatch;
import dev.berth.controller.resource.Resources;
import dev.berth.controller.resource.Subresource;
import dev.berth.controller.resource.WriteOptions;
import dev.berth.gitops.GitOps;
import dev.berth.gitops.Outcome;
import dev.berth.gitops.hook.HookAnswer;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Asks the engine about one GitRepository and writes down what it says.
public final class GitOpsReconciler implements Reconciler, AutoCloseable {
  private static final String COMPONENT = "gitops";

  /// Each look may hold the manifests of one repository in memory.
  private static final int AT_A_TIME = 4;

  private final Cluster cluster;
  private final GitOps engine;
  private final Semaphore turns = new Semaphore(AT_A_TIME, true);
  private volatile @Nullable ReconcileLoop loop;

  /// @throws IOException where the folder of clones cannot be made
  public GitOpsReconciler(
      Cluster cluster,
      Authorizer authorizer,
      RegistryWriter contexts,
      GitOps.Config config,
      InstantSource clock,
      RandomGenerator random)
      throws IOException {
    this.cluster = cluster;
    Resources resources = cluster.resources();
    this.engine =
        new GitOps(
            config,
            new GitOps.Ports(
                new EngineCluster(resources, new ActorRights(resources, authorizer)),
                new StoredSecrets(resources),
                contexts::putContext,
                clock,
                random,
                this::wake));
  }

  /// Before the cluster starts.
  public void wire(ReconcileLoop own) {
    loop = own;
    engine.sweep();
    cluster.onChange(Kinds.GIT_REPOSITORY, this::repositoryChanged);
    cluster.onChange(Kinds.SECRET, change -> secretChanged(change.after()));
    cluster.kinds().forEach(this::hear);
  }

  /// Objects of this kind may be applied too: what happens to one wakes its repository.
  public void hear(ResourceType type) {
    cluster.onChange(
        type,
        change ->
            Stream.of(change.after(), change.before())
                .filter(Objects::nonNull)
                .flatMap(object -> owner(object).stream())
                .distinct()
                .forEach(this::wake));
  }

  private static Optional<ObjectKey> owner(ObjectNode object) {
    JsonNode labels = Json.at(object, "metadata", "labels");
    if (!labels.has(GitRepository.OWNER)) {
      return Optional.empty();
    }
    return Json.annotation(object, GitRepository.OWNER)
        .filter(text -> text.indexOf('/') > 0)
        .map(
            text -> {
              int slash = text.indexOf('/');
              return new ObjectKey(text.substring(0, slash), text.substring(slash + 1));
            });
  }

  private void wake(ObjectKey key) {
    ReconcileLoop own = loop;
    if (own != null) {
      own.add(key);
    }
  }

  /// What the loop itself writes into the status is no news to it, but to those who wait for it.
  private void repositoryChanged(ListWatch.Change change) {
    ObjectNode after = change.after();
    ObjectNode before = change.before();
    if (change.deleted() || before == null || !wishes(before).equals(wishes(after))) {
      wake(ObjectKey.of(after));
    }
    boolean turned = before == null || Conditions.isTrue(before, "Ready") != isReady(after);
    if (turned) {
      cluster.inNamespace(Kinds.GIT_REPOSITORY, Json.namespace(after)).stream()
          .filter(other -> dependsOn(other, Json.name(after)))
          .forEach(other -> wake(ObjectKey.of(other)));
    }
  }

  private static boolean isReady(ObjectNode repository) {
    return Conditions.isTrue(repository, "Ready");
  }

  private static List<JsonNode> wishes(ObjectNode repository) {
    JsonNode meta = repository.path("metadata");
    return List.of(
        meta.path("generation"),
        meta.path("annotations"),
        meta.path("finalizers"),
        meta.path("deletionTimestamp"),
        meta.path("uid"));
  }

  private static boolean dependsOn(ObjectNode repository, String name) {
    return Json.at(repository, "spec", "sync", "dependsOn")
        .valueStream()
        .anyMatch(each -> Json.text(each, "name").equals(name));
  }

  /// Credentials may be right now.
  private void secretChanged(ObjectNode secret) {
    String name = Json.name(secret);
    cluster.inNamespace(Kinds.GIT_REPOSITORY, Json.namespace(secret)).stream()
        .filter(
            repository ->
                Json.text(repository, "spec", "secretRef", "name").equals(name)
                    || Json.text(repository, "spec", "verify", "secretRef", "name").equals(name))
        .forEach(repository -> engine.check(ObjectKey.of(repository)));
  }

  /// A Git host says that something was pushed.
  ///
  /// @param headers by lower case name
  public HookAnswer hook(ObjectKey key, Map<String, String> headers, byte[] body) {
    return engine.hook(key, headers, body);
  }

  @Override
  public Result reconcile(ObjectKey key) {
    Optional<ObjectNode> found = cluster.find(Kinds.GIT_REPOSITORY, key);
    if (found.isEmpty()) {
      engine.forget(key);
      return Result.DONE;
    }
    turns.acquireUninterruptibly();
    try {
      Outcome outcome = engine.reconcile(found.get());
      settle(found.get(), outcome);
      return new Result.RequeueAfter(outcome.again());
    } finally {
      turns.release();
    }
  }

  /// The finalizer before anything is applied that it stands for; annotations after the status that
  /// answers them.
  private void settle(ObjectNode seen, Outcome outcome) {
    boolean has = finalizers(seen).contains(GitRepository.FINALIZER);
    if (outcome.finalizer() && !has) {
      patch(seen, Subresource.NONE, GitOpsReconciler::addFinalizer);
    }
    if (!outcome.status().equals(seen.path("status"))) {
      patch(seen, Subresource.STATUS, now -> now.set("status", outcome.status().deepCopy()));
    }
    if (!outcome.answered().isEmpty()) {
      patch(seen, Subresource.NONE, now -> removeAnswered(now, seen, outcome.answered()));
    }
    outcome.events().forEach(event -> cluster.perform(List.of(new Action.Emit(note(seen, event)))));
    if (!outcome.finalizer() && has) {
      patch(seen, Subresource.NONE, GitOpsReconciler::removeFinalizer);
    }
  }

  private static Note note(ObjectNode repository, Outcome.Happened event) {
    return event.warning()
        ? Note.warning(repository, event.reason(), event.message(), COMPONENT)
        : Note.normal(repository, event.reason(), event.message(), COMPONENT);
  }

  @FunctionalInterface
  private interface Change {
    void apply(ObjectNode now);
  }

  /// Of this very repository: one that has gone meanwhile needs nothing any more.
  private void patch(ObjectNode seen, Subresource subresource, Change change) {
    try {
      cluster
          .resources()
          .patch(
              Kinds.GIT_REPOSITORY,
              ObjectKey.of(seen),
              subresource,
              WriteOptions.DEFAULT,
              now -> {
                if (Json.uid(now).equals(Json.uid(seen))) {
                  change.apply(now);
                }
                return now;
              });
    } catch (ApiException e) {
      if (!e.isNotFound()) {
        throw e;
      }
    }
  }

  private static Set<String> finalizers(ObjectNode repository) {
    return Json.at(repository, "metadata", "finalizers")
        .valueStream()
        .map(node -> node.asString(""))
        .collect(Collectors.toSet());
  }

  private static void addFinalizer(ObjectNode now) {
    if (!finalizers(now).contains(GitRepository.FINALIZER) && !Json.isDeleting(now)) {
      Json.meta(now).withArray("finalizers").add(GitRepository.FINALIZER);
    }
  }

  private static void removeFinalizer(ObjectNode now) {
    ArrayNode others = Json.array();
    for (JsonNode finalizer : Json.at(now, "metadata", "finalizers")) {
      if (!finalizer.asString("").equals(GitRepository.FINALIZER)) {
        others.add(finalizer);
      }
    }
    Json.meta(now).set("finalizers", others);
  }

  /// Not what somebody asked for since.
  private static void removeAnswered(ObjectNode now, ObjectNode seen, Set<String> names) {
    for (String name : names) {
      if (Json.annotation(now, name).equals(Json.annotation(seen, name))) {
        Json.ensure(now, "metadata", "annotations").remove(name);
      }
    }
  }

  @Override
  public void close() {
    engine.close();
  }
}
