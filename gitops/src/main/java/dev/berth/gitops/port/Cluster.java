package dev.berth.gitops.port;

import dev.berth.api.GroupVersionKind;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// The objects of the cluster. Trees that come out are the caller's own or never mutated by it;
/// trees that go in are not kept.
public interface Cluster {

  /// The kind in this very version; empty where it is not served (yet).
  Optional<ResourceType> kind(GroupVersionKind gvk);

  /// The kind in the version that is preferred.
  Optional<ResourceType> kind(String group, String kind);

  /// From a cache where there is one: asked for each object at each look.
  Optional<ObjectNode> get(ResourceType type, ObjectKey key);

  /// Every object of the kind, as of now.
  List<ObjectNode> list(ResourceType type);

  /// Returns where the actor may write this object, whatever is in it.
  ///
  /// @throws dev.berth.api.ApiException as [#apply]
  void requireWrite(ResourceType type, ObjectKey key, Actor actor);

  /// Server-side apply, forced, by the field manager `berth-gitops`, with the rights of the actor.
  ///
  /// @param object complete, with apiVersion, kind, name and (where the kind has one) namespace
  /// @param dryRun answers what would be stored and stores nothing
  /// @return the object as it is stored, or would be
  /// @throws dev.berth.api.ApiException with the error of the API; a Forbidden names the object,
  ///   the account and the command that would allow it
  ObjectNode apply(ResourceType type, ObjectNode object, boolean dryRun, Actor actor);

  /// Deletes this very object (precondition: uid), its dependents in the background. Absent already
  /// is fine.
  ///
  /// @throws dev.berth.api.ApiException as [#apply]
  void delete(ResourceType type, ObjectKey key, String uid, Actor actor);
}
