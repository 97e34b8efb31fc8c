package dev.berth.api.apply;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.api.schema.FieldType;
import dev.berth.api.schema.FieldType.ListKind;
import dev.berth.api.schema.FieldType.ListType;
import dev.berth.api.schema.FieldType.ObjectType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Server-side apply (kubernetes.io/docs/reference/using-api/server-side-apply): a manager says
/// which fields it wants, and owns them from then on. What it wanted before, does not want now and
/// nobody else owns goes away. What somebody else owns with another value is a conflict, unless the
/// manager takes it by force.
public final class ServerSideApply {
  private ServerSideApply() {}

  /// With conflicts, `object` is the live one and nothing was applied.
  public record Applied(ObjectNode object, List<Conflict> conflicts) {
    public Applied {
      conflicts = List.copyOf(conflicts);
    }
  }

  /// `live` is what is stored now, if anything; `config` is the request's body, complete with
  /// apiVersion, kind and name; `now` dates the entry. Throws an `ApiException` (`BadRequest`)
  /// where the configuration cannot be one: it has managedFields, or two list elements with one
  /// key. The result is not defaulted yet.
  public static Applied apply(
      Optional<ObjectNode> live,
      ObjectNode config,
      ObjectType type,
      Manager manager,
      boolean force,
      Instant now) {
    check(config, type);
    ObjectNode wanted = Scope.config(config, manager.subresource());
    FieldSet fields = Scope.owned(Ownership.of(wanted, type), manager.subresource());
    if (live.isEmpty()) {
      ObjectNode created = Merge.of(Json.object(), wanted, type);
      return new Applied(ManagedFields.NONE.with(manager, fields, now).in(created), List.of());
    }
    return onto(live.get(), wanted, type, manager, fields, force, now);
  }

  private static Applied onto(
      ObjectNode live,
      ObjectNode wanted,
      ObjectType type,
      Manager manager,
      FieldSet fields,
      boolean force,
      Instant now) {
    ManagedFields managed = ManagedFields.of(live);
    ObjectNode present = Scope.withoutManagedFields(live);
    ObjectNode merged = Merge.of(present, wanted, type);
    ManagedFields mine = managed.with(manager, fields, now);
    FieldSet owned = owned(mine, wanted, type);
    ObjectNode result = prune(merged, managed.ownedBy(manager), owned, type);
    Comparison difference = Comparison.of(present, result, type);
    FieldSet allowed = LastApplied.stillTrue(present, type, manager);
    List<Conflict> conflicts = conflicts(managed, manager, difference.changed(), allowed);
    if (!conflicts.isEmpty() && !force) {
      return new Applied(live, conflicts);
    }
    LastApplied.follow(result, wanted, manager);
    FieldSet taken = difference.changed().union(difference.removed());
    return new Applied(mine.takenFromOthers(manager, taken).capped().in(result), List.of());
  }

  private static List<Conflict> conflicts(
      ManagedFields managed, Manager manager, FieldSet changed, FieldSet allowed) {
    List<Conflict> conflicts = new ArrayList<>();
    for (ManagedFields.Entry other : managed.others(manager)) {
      FieldSet both = other.fields().intersection(changed).difference(allowed);
      both.paths().forEach(path -> conflicts.add(new Conflict(other.manager(), path)));
    }
    return conflicts;
  }

  /// Drops what the manager gave up: first everything that it had, then back with what somebody
  /// owns (itself included), then back with what it never had.
  private static ObjectNode prune(
      ObjectNode merged, FieldSet last, FieldSet owned, ObjectType type) {
    if (last.isEmpty()) {
      return merged;
    }
    FieldSet had = Ownership.withNamedParents(last, type);
    FieldSet all = Ownership.withNamedParents(Ownership.of(merged, type), type);
    FieldSet left = paths(Removal.of(merged, had, type), type);
    FieldSet kept = paths(Removal.of(merged, all.difference(left.union(owned)), type), type);
    return Removal.of(merged, all.difference(kept).intersection(had), type);
  }

  /// What anybody owns; of the configuration everything, names included, so that what it writes
  /// down stays.
  private static FieldSet owned(ManagedFields owners, ObjectNode wanted, ObjectType type) {
    FieldSet owned = paths(wanted, type);
    for (ManagedFields.Entry owner : owners.entries()) {
      owned = owned.union(Ownership.withNamedParents(owner.fields(), type));
    }
    return owned;
  }

  private static FieldSet paths(ObjectNode tree, ObjectType type) {
    return Ownership.withNamedParents(Ownership.of(tree, type), type);
  }

  private static void check(ObjectNode config, ObjectType type) {
    JsonNode managed = Json.at(config, "metadata", "managedFields");
    if (managed.isArray() && !managed.isEmpty()) {
      throw refused("metadata.managedFields must be nil");
    }
    unique(config, type, "");
  }

  private static void unique(JsonNode value, FieldType type, String path) {
    if (value.isObject()) {
      for (Map.Entry<String, JsonNode> entry : value.properties()) {
        String element = PathElement.field(entry.getKey());
        unique(entry.getValue(), PathElement.below(type, element), path + "." + entry.getKey());
      }
    } else if (value.isArray() && type instanceof ListType list && list.kind() != ListKind.ATOMIC) {
      elements(value, list, path);
    }
  }

  private static void elements(JsonNode value, ListType list, String path) {
    for (JsonNode element : value) {
      if (list.kind() == ListKind.MAP && !element.isObject()) {
        throw refused(path + ": an element is no object, so it has no key");
      }
      if (list.kind() == ListKind.MAP && PathElement.of(list, element).equals("k:{}")) {
        throw refused(
            "%s: an element lacks its key: %s"
                .formatted(path, String.join(", ", list.listMapKeys())));
      }
    }
    Set<String> twice = Ownership.duplicates(value, list);
    if (!twice.isEmpty()) {
      throw refused(
          "%s: duplicate entries for key %s"
              .formatted(path, PathElement.inWords(twice.iterator().next())));
    }
    for (JsonNode element : value) {
      String key = PathElement.inWords(PathElement.of(list, element));
      unique(element, list.element(), path + key);
    }
  }

  private static ApiException refused(String why) {
    return new ApiException(new ApiError.BadRequest(why));
  }
}
