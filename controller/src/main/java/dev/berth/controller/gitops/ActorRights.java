package dev.berth.controller.gitops;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.FieldSelector;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.controller.auth.Attributes;
import dev.berth.controller.auth.Authorizer;
import dev.berth.controller.auth.Caller;
import dev.berth.controller.auth.Escalation;
import dev.berth.controller.auth.Identity;
import dev.berth.controller.auth.ServiceAccountName;
import dev.berth.controller.resource.Gate;
import dev.berth.controller.resource.Resources;
import dev.berth.gitops.port.Actor;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// What a repository may write. With a ServiceAccount: what roles let that account do, and no more
/// than that may be given away. Without one: what an admin of the repository's own namespace may
/// write there (ClusterRole `admin`, with what was aggregated into it), but no roles and bindings.
/// So nobody who may write repositories gets more by one than that role has: no quota is lifted,
/// and no operator with rights of its own is told what to do.
final class ActorRights {
  private static final Set<ResourceType> RBAC =
      Set.of(Kinds.ROLE, Kinds.ROLE_BINDING, Kinds.CLUSTER_ROLE, Kinds.CLUSTER_ROLE_BINDING);

  private static final String ADMIN = "admin";

  private final Resources resources;
  private final Authorizer authorizer;
  private final Escalation escalation;

  ActorRights(Resources resources, Authorizer authorizer) {
    this.resources = resources;
    this.authorizer = authorizer;
    this.escalation = new Escalation(authorizer);
  }

  /// Returns when the actor may do this.
  ///
  /// @param verb `create`, `patch` or `delete`
  /// @throws ApiException `Forbidden`, naming the object, the account and the command that would
  ///   allow it
  void require(Actor actor, String verb, ResourceType type, ObjectKey key) {
    if (actor.serviceAccountName().isEmpty()) {
      requireOwn(actor.repository(), verb, type, key);
      return;
    }
    ServiceAccountName account = account(actor);
    if (!exists(account)) {
      throw forbidden(
          type,
          key,
          "there is no ServiceAccount "
              + account.name()
              + " in namespace "
              + account.namespace()
              + ": kubectl create serviceaccount "
              + account.name()
              + " -n "
              + account.namespace());
    }
    boolean allowed =
        authorizer.allows(
            identity(account),
            new Attributes.OnResource(
                verb, type, key.namespace(), key.name(), "", FieldSelector.EVERYTHING));
    if (!allowed) {
      throw forbidden(
          type,
          key,
          "ServiceAccount "
              + account.namespace()
              + "/"
              + account.name()
              + " may not "
              + verb
              + " "
              + type.qualifiedName()
              + ": "
              + command(account, type, key));
    }
  }

  /// Who is told of each write: an account gives nobody more than it has.
  Gate gate(Actor actor) {
    return actor.serviceAccountName().isEmpty()
        ? Gate.OPEN
        : new Caller(identity(account(actor)), escalation);
  }

  private void requireOwn(ObjectKey repository, String verb, ResourceType type, ObjectKey key) {
    if (RBAC.contains(type)) {
      throw forbidden(type, key, "it gives rights, " + needsAccount(repository));
    }
    if (!type.namespaced()) {
      throw forbidden(type, key, "it belongs to no namespace, " + needsAccount(repository));
    }
    if (!key.namespace().equals(repository.namespace())) {
      throw forbidden(
          type,
          key,
          "it is not in namespace " + repository.namespace() + ", " + needsAccount(repository));
    }
    if (!mayAdmin(verb, type)) {
      throw forbidden(
          type,
          key,
          "an admin of a namespace (ClusterRole admin) may not "
              + verb
              + " "
              + type.qualifiedName()
              + ", "
              + needsAccount(repository));
    }
  }

  /// Rules for objects of certain names are passed over: they say nothing of others.
  private boolean mayAdmin(String verb, ResourceType type) {
    return resources
        .find(Kinds.CLUSTER_ROLE, ObjectKey.clusterScoped(ADMIN))
        .map(role -> role.tree().path("rules"))
        .stream()
        .flatMap(JsonNode::valueStream)
        .anyMatch(
            rule ->
                names(rule, "verbs", verb)
                    && names(rule, "apiGroups", type.gvk().group())
                    && names(rule, "resources", type.plural())
                    && Json.isEmpty(rule.get("resourceNames")));
  }

  private static boolean names(JsonNode rule, String field, String word) {
    return rule.path(field)
        .valueStream()
        .map(each -> each.asString(""))
        .anyMatch(each -> each.equals("*") || each.equals(word));
  }

  private static String needsAccount(ObjectKey repository) {
    return "and repository "
        + repository
        + " has no account of its own: name one that may write it in spec.serviceAccountName";
  }

  private boolean exists(ServiceAccountName account) {
    ObjectKey key = new ObjectKey(account.namespace(), account.name());
    return resources.find(Kinds.SERVICE_ACCOUNT, key).isPresent();
  }

  private static ServiceAccountName account(Actor actor) {
    return new ServiceAccountName(
        actor.repository().namespace(), actor.serviceAccountName().orElseThrow());
  }

  private static Identity identity(ServiceAccountName account) {
    return new Identity(account.user(), account.groups()).asAuthenticated();
  }

  /// Two commands that a person with the right to do so can paste.
  private static String command(ServiceAccountName account, ResourceType type, ObjectKey key) {
    String cluster = key.namespace().isEmpty() ? "cluster" : "";
    String where = key.namespace().isEmpty() ? "" : " -n " + key.namespace();
    String name = account.name() + "-" + type.plural();
    return "kubectl create "
        + cluster
        + "role "
        + name
        + " --verb=get,create,patch,delete --resource="
        + type.qualifiedName()
        + where
        + " && kubectl create "
        + cluster
        + "rolebinding "
        + name
        + " --"
        + cluster
        + "role="
        + name
        + " --serviceaccount="
        + account.namespace()
        + ":"
        + account.name()
        + where;
  }

  private static ApiException forbidden(ResourceType type, ObjectKey key, String why) {
    return new ApiException(
        new ApiError.Forbidden(type.kind() + " " + key + " cannot be written: " + why));
  }
}
