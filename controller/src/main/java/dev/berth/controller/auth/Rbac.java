package dev.berth.controller.auth;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.controller.resource.ListWatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Roles and bindings of `rbac.authorization.k8s.io/v1`, found by subject. A copy that follows the
/// store: it is filled at the first question that needs it, and a question pulls what was committed
/// before it. Any thread may ask.
final class Rbac {
  private static final int BATCH = 1_000;

  private final ListWatch source;
  private final List<Follower> followers = new ArrayList<>();
  private final Map<RoleKey, List<Rule>> roles = new HashMap<>();
  private final Map<Subject, Map<BindingKey, RoleKey>> bindings = new HashMap<>();

  /// An empty namespace is that of a ClusterRole.
  private record RoleKey(String namespace, String name) {}

  private record BindingKey(ResourceType type, ObjectKey key) {}

  private record Subject(String kind, String name) {}

  Rbac(ListWatch source) {
    this.source = source;
    followers.add(new Follower(Kinds.ROLE));
    followers.add(new Follower(Kinds.CLUSTER_ROLE));
    followers.add(new Follower(Kinds.ROLE_BINDING));
    followers.add(new Follower(Kinds.CLUSTER_ROLE_BINDING));
  }

  boolean allows(Identity identity, Attributes wanted) {
    String namespace = wanted instanceof Attributes.OnResource on ? on.namespace() : "";
    return rules(identity, namespace).stream().anyMatch(rule -> rule.allows(wanted));
  }

  /// All rules that hold for the identity in the namespace; in the empty one, those that hold
  /// everywhere.
  synchronized List<Rule> rules(Identity identity, String namespace) {
    followers.forEach(Follower::refresh);
    List<Rule> found = new ArrayList<>();
    collect(found, new Subject("User", identity.user()), namespace);
    identity.groups().forEach(group -> collect(found, new Subject("Group", group), namespace));
    return found;
  }

  private void collect(List<Rule> found, Subject subject, String namespace) {
    bindings
        .getOrDefault(subject, Map.of())
        .forEach(
            (binding, role) -> {
              String where = binding.key().namespace();
              if (where.isEmpty() || where.equals(namespace)) {
                found.addAll(roles.getOrDefault(role, List.of()));
              }
            });
  }

  /// The rules that a binding in `namespace` to `roleRef` gives; nothing where there is no such
  /// role.
  synchronized List<Rule> rulesOf(JsonNode roleRef, String namespace) {
    followers.forEach(Follower::refresh);
    return roles.getOrDefault(role(roleRef, namespace), List.of());
  }

  private static RoleKey role(JsonNode roleRef, String namespace) {
    boolean cluster = Json.text(roleRef, "kind").equals(Kinds.CLUSTER_ROLE.kind());
    return new RoleKey(cluster ? "" : namespace, Json.text(roleRef, "name"));
  }

  private void apply(ResourceType type, ObjectNode object, boolean deleted) {
    if (type.equals(Kinds.ROLE) || type.equals(Kinds.CLUSTER_ROLE)) {
      RoleKey key = new RoleKey(Json.namespace(object), Json.name(object));
      if (deleted) {
        roles.remove(key);
      } else {
        roles.put(key, Rule.listOf(object.path("rules")));
      }
    } else if (!deleted) {
      BindingKey key = new BindingKey(type, ObjectKey.of(object));
      RoleKey role = role(object.path("roleRef"), Json.namespace(object));
      for (JsonNode subject : object.path("subjects")) {
        bindings
            .computeIfAbsent(subject(subject, Json.namespace(object)), _ -> new HashMap<>())
            .put(key, role);
      }
    }
  }

  private static Subject subject(JsonNode subject, String bindingNamespace) {
    String kind = Json.text(subject, "kind");
    String name = Json.text(subject, "name");
    if (!kind.equals("ServiceAccount")) {
      return new Subject(kind, name);
    }
    String own = Json.text(subject, "namespace");
    return new Subject(
        "User", new ServiceAccountName(own.isEmpty() ? bindingNamespace : own, name).user());
  }

  private void forget(ResourceType type, ObjectNode binding) {
    BindingKey key = new BindingKey(type, ObjectKey.of(binding));
    for (JsonNode subject : binding.path("subjects")) {
      Map<BindingKey, RoleKey> of = bindings.get(subject(subject, Json.namespace(binding)));
      if (of != null) {
        of.remove(key);
      }
    }
  }

  /// One kind's place in the history. Nothing is polled until the store has signalled.
  private final class Follower {
    private final ResourceType type;
    private final AtomicBoolean news = new AtomicBoolean();
    private final Map<ObjectKey, ObjectNode> seen = new HashMap<>();
    private ListWatch.@Nullable Changes changes;

    Follower(ResourceType type) {
      this.type = type;
    }

    void refresh() {
      if (changes == null) {
        relist();
      } else if (news.getAndSet(false)) {
        poll(changes);
      }
    }

    private void poll(ListWatch.Changes from) {
      try {
        List<ListWatch.Step> batch = from.poll(BATCH);
        while (!batch.isEmpty()) {
          batch.forEach(change -> see(change.after(), change.deleted()));
          batch = from.poll(BATCH);
        }
      } catch (ApiException e) {
        if (!(e.error() instanceof ApiError.Expired)) {
          throw e;
        }
        relist();
      }
    }

    private void relist() {
      if (changes != null) {
        changes.close();
      }
      ListWatch.Snapshot now = source.list(type);
      changes = source.watch(type, now.revision(), () -> news.set(true));
      List.copyOf(seen.values()).forEach(gone -> see(gone, true));
      now.items().forEach(object -> see(object, false));
    }

    private void see(ObjectNode object, boolean deleted) {
      ObjectKey key = ObjectKey.of(object);
      ObjectNode before = deleted ? seen.remove(key) : seen.put(key, object);
      if (before != null) {
        forget(type, before);
      }
      apply(type, object, deleted);
    }
  }
}
