package dev.berth.gitops.sync;

import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.api.ResourceType;
import dev.berth.api.gitops.GitRepository;
import dev.berth.gitops.port.Actor;
import dev.berth.gitops.port.Cluster;
import dev.berth.gitops.port.ObjectRef;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Deletes what a repository applied, because the repository itself is deleted: in the reverse of
/// the order of applying, and nothing that is marked to stay.
public final class Removal {
  private final Cluster cluster;

  public Removal(Cluster cluster) {
    this.cluster = cluster;
  }

  /// Goes on until nothing of it is there any more, and no further than a refusal.
  ///
  /// @return why it is not done yet
  public Optional<String> goOn(ObjectNode tree, GitRepository repository) {
    Map<ObjectRef, ObjectNode> left = left(tree, repository);
    for (Map.Entry<ObjectRef, ObjectNode> each : left.entrySet()) {
      Optional<SyncPlan.Refused> refusal =
          delete(each.getKey(), each.getValue(), actor(repository));
      if (refusal.isPresent()) {
        return refusal.map(SyncPlan.Refused::message);
      }
    }
    return left.isEmpty()
        ? Optional.empty()
        : Optional.of(left.size() + " objects are being deleted");
  }

  /// Tries once, because the namespace of the repository ends: what is in there goes without it,
  /// and with the namespace went the account that could delete the rest.
  ///
  /// @return what was refused: a lasting refusal leaves it behind
  public List<SyncPlan.Refused> tryOnce(ObjectNode tree, GitRepository repository) {
    List<SyncPlan.Refused> refusals = new ArrayList<>();
    left(tree, repository)
        .forEach(
            (ref, live) -> {
              if (!ref.namespace().equals(repository.namespace())) {
                delete(ref, live, actor(repository)).ifPresent(refusals::add);
              }
            });
    return refusals;
  }

  private static Actor actor(GitRepository repository) {
    return new Actor(repository.key(), repository.spec().serviceAccountName());
  }

  private Map<ObjectRef, ObjectNode> left(ObjectNode tree, GitRepository repository) {
    Map<ObjectRef, ObjectNode> left = new LinkedHashMap<>();
    Target.texts(tree.path("status").path("inventory")).stream()
        .map(ObjectRef::parse)
        .sorted(Comparator.<ObjectRef>comparingInt(ref -> Order.rank(ref.kind())).reversed())
        .forEach(
            ref ->
                find(ref)
                    .filter(live -> isToGo(live, repository))
                    .ifPresent(live -> left.put(ref, live)));
    return left;
  }

  private Optional<ObjectNode> find(ObjectRef ref) {
    return cluster.kind(ref.group(), ref.kind()).flatMap(type -> cluster.get(type, ref.key()));
  }

  private static boolean isToGo(ObjectNode live, GitRepository repository) {
    boolean own =
        Json.annotation(live, GitRepository.OWNER)
            .filter(repository.key().toString()::equals)
            .isPresent();
    return own && !Json.annotation(live, GitRepository.PRUNE).orElse("").equals("disabled");
  }

  private Optional<SyncPlan.Refused> delete(ObjectRef ref, ObjectNode live, Actor actor) {
    Optional<ResourceType> type = cluster.kind(ref.group(), ref.kind());
    if (type.isEmpty() || Json.isDeleting(live)) {
      return Optional.empty();
    }
    try {
      cluster.delete(type.get(), ref.key(), Json.uid(live), actor);
      return Optional.empty();
    } catch (ApiException e) {
      return e.isNotFound() ? Optional.empty() : Optional.of(SyncPlan.Refused.deletion(ref, e));
    }
  }
}
