package dev.berth.controller.gitops;

import dev.berth.api.ApiException;
import dev.berth.api.GroupVersionKind;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.api.apply.Manager;
import dev.berth.api.gitops.GitRepository;
import dev.berth.controller.admission.FieldValidation;
import dev.berth.controller.resource.DeleteOptions;
import dev.berth.controller.resource.Item;
import dev.berth.controller.resource.ListQuery;
import dev.berth.controller.resource.Resources;
import dev.berth.controller.resource.Subresource;
import dev.berth.controller.resource.WriteOptions;
import dev.berth.gitops.port.Actor;
import dev.berth.gitops.port.Cluster;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// The store, as the engine sees it: a field that nobody knows is an error, as everywhere where
/// nobody reads warnings.
final class EngineCluster implements Cluster {
  private final Resources resources;
  private final ActorRights rights;

  EngineCluster(Resources resources, ActorRights rights) {
    this.resources = resources;
    this.rights = rights;
  }

  @Override
  public Optional<ResourceType> kind(GroupVersionKind gvk) {
    return resources.kinds().byKind(gvk).filter(ResourceType::stored);
  }

  @Override
  public Optional<ResourceType> kind(String group, String kind) {
    return resources.kinds().all().stream()
        .filter(ResourceType::stored)
        .filter(type -> type.gvk().group().equals(group) && type.kind().equals(kind))
        .findFirst();
  }

  @Override
  public Optional<ObjectNode> get(ResourceType type, ObjectKey key) {
    return resources.find(type, key).map(Item::tree);
  }

  @Override
  public List<ObjectNode> list(ResourceType type) {
    return resources.list(type, ListQuery.all("")).items().stream().map(Item::tree).toList();
  }

  @Override
  public void requireWrite(ResourceType type, ObjectKey key, Actor actor) {
    boolean exists = resources.find(type, key).isPresent();
    rights.require(actor, "patch", type, key);
    if (!exists) {
      rights.require(actor, "create", type, key);
    }
  }

  @Override
  public ObjectNode apply(ResourceType type, ObjectNode object, boolean dryRun, Actor actor) {
    ObjectKey key = ObjectKey.of(object);
    requireWrite(type, key, actor);
    WriteOptions options =
        new WriteOptions(
            dryRun,
            FieldValidation.STRICT,
            List.of(),
            Optional.of(Manager.applying(GitRepository.FIELD_MANAGER, type.gvk().apiVersion())),
            rights.gate(actor));
    return resources.apply(type, key, object, Subresource.NONE, options, true).object();
  }

  @Override
  public void delete(ResourceType type, ObjectKey key, String uid, Actor actor) {
    rights.require(actor, "delete", type, key);
    try {
      resources.delete(type, key, DeleteOptions.ofUid(uid));
    } catch (ApiException e) {
      if (!e.isNotFound() && !e.isConflict()) {
        throw e;
      }
    }
  }
}
