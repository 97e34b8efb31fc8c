package dev.berth.api.apply;

import dev.berth.api.Json;
import dev.berth.api.Times;
import dev.berth.api.schema.FieldType.ObjectType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `metadata.managedFields`: one entry per manager, operation, version and subresource, with the
/// paths that it owns. Immutable; the functions return another one.
public final class ManagedFields {
  static final ManagedFields NONE = new ManagedFields(List.of());

  /// More managers that update than this are merged into one, oldest first.
  private static final int MAX_UPDATERS = 10;

  private static final String ANCIENT = "ancient-changes";

  /// As Kubernetes sorts them.
  private static final Comparator<Entry> ORDER =
      Comparator.comparing((Entry entry) -> entry.manager.operation())
          .thenComparing(Entry::time)
          .thenComparing(entry -> entry.manager.name())
          .thenComparing(entry -> entry.manager.apiVersion())
          .thenComparing(entry -> entry.manager.subresource());

  /// `time` is when the set last changed, RFC 3339, or empty.
  public record Entry(Manager manager, String time, FieldSet fields) {}

  private final List<Entry> entries;

  private ManagedFields(List<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  public List<Entry> entries() {
    return entries;
  }

  /// Those of an object; none where they cannot be read.
  public static ManagedFields of(JsonNode object) {
    return read(Json.at(object, "metadata", "managedFields")).orElse(NONE);
  }

  private static Optional<ManagedFields> read(JsonNode list) {
    List<Entry> entries = new ArrayList<>();
    for (JsonNode node : list) {
      Optional<FieldSet> fields = FieldSet.fromJson(node.path("fieldsV1"));
      Manager manager =
          new Manager(
              Json.text(node, "manager"),
              Json.text(node, "operation"),
              Json.text(node, "apiVersion"),
              Json.text(node, "subresource"));
      boolean known = manager.applies() || manager.operation().equals(Manager.UPDATE);
      String time = Json.text(node, "time");
      boolean timed = time.isEmpty() || Times.parse(time).isPresent();
      if (fields.isEmpty() || !known || !timed) {
        return Optional.empty();
      }
      entries.add(new Entry(manager, time, fields.get()));
    }
    return Optional.of(new ManagedFields(entries));
  }

  /// What is wrong with the list that a client wrote; empty where nothing is. A list of one empty
  /// entry resets.
  public static Optional<String> problem(JsonNode object) {
    JsonNode list = Json.at(object, "metadata", "managedFields");
    return isReset(list) || read(list).isPresent()
        ? Optional.empty()
        : Optional.of("metadata.managedFields cannot be decoded");
  }

  private static boolean isReset(JsonNode list) {
    return list.isArray() && list.size() == 1 && list.path(0).isObject() && list.path(0).isEmpty();
  }

  /// What the manager owns; empty where it owns nothing.
  public FieldSet ownedBy(Manager manager) {
    return entries.stream()
        .filter(entry -> entry.manager.isSame(manager))
        .map(Entry::fields)
        .findFirst()
        .orElse(FieldSet.EMPTY);
  }

  List<Entry> others(Manager manager) {
    return entries.stream().filter(entry -> !entry.manager.isSame(manager)).toList();
  }

  /// Everybody else without these paths.
  ManagedFields takenFromOthers(Manager manager, FieldSet taken) {
    List<Entry> kept = new ArrayList<>();
    for (Entry entry : entries) {
      FieldSet fields =
          entry.manager.isSame(manager) ? entry.fields : entry.fields.difference(taken);
      if (!fields.isEmpty()) {
        kept.add(new Entry(entry.manager, entry.time, fields));
      }
    }
    return new ManagedFields(kept);
  }

  /// With what the manager owns now. The time stays where nothing changed for it.
  ManagedFields with(Manager manager, FieldSet fields, Instant now) {
    Predicate<Entry> mine = entry -> entry.manager.isSame(manager);
    String time =
        entries.stream()
            .filter(mine)
            .filter(entry -> entry.fields.equals(fields) && entry.manager.equals(manager))
            .map(Entry::time)
            .findFirst()
            .orElse(Times.format(now));
    List<Entry> result = new ArrayList<>(others(manager));
    if (!fields.isEmpty()) {
      result.add(new Entry(manager, time, fields));
    }
    return new ManagedFields(result);
  }

  /// Whether the manager alone owns all these paths already, as it nearly always does from its
  /// second write on: then the list stays as it is, and need not be made anew.
  private boolean isSettled(Manager manager, FieldSet taken) {
    boolean mine =
        taken.isEmpty()
            || entries.stream()
                .filter(entry -> entry.manager.equals(manager))
                .anyMatch(entry -> taken.difference(entry.fields).isEmpty());
    return mine && others(manager).stream().allMatch(o -> taken.difference(o.fields).equals(taken));
  }

  /// At most ten who update: the oldest become one, in each version.
  ManagedFields capped() {
    List<Entry> updaters =
        entries.stream().filter(entry -> !entry.manager.applies()).sorted(ORDER).toList();
    int surplus = updaters.size() - MAX_UPDATERS;
    if (surplus <= 0) {
      return this;
    }
    List<Entry> oldest = updaters.subList(0, surplus + 1);
    List<Entry> kept = new ArrayList<>(entries);
    kept.removeAll(oldest);
    for (Entry old : oldest) {
      merge(kept, old);
    }
    return new ManagedFields(kept);
  }

  private static void merge(List<Entry> into, Entry old) {
    Manager ancient = new Manager(ANCIENT, Manager.UPDATE, old.manager.apiVersion(), "");
    FieldSet fields = old.fields;
    String time = old.time;
    for (Entry entry : List.copyOf(into)) {
      if (entry.manager.isSame(ancient)) {
        into.remove(entry);
        fields = fields.union(entry.fields);
        time = entry.time.compareTo(time) > 0 ? entry.time : time;
      }
    }
    into.add(new Entry(ancient, time, fields));
  }

  /// The object with this list in its metadata.
  ObjectNode in(ObjectNode object) {
    ObjectNode result = Scope.withoutManagedFields(object);
    if (!entries.isEmpty()) {
      Json.meta(result).set("managedFields", toJson());
    }
    return result;
  }

  public ArrayNode toJson() {
    ArrayNode list = Json.array();
    entries.stream().sorted(ORDER).forEach(entry -> list.add(node(entry)));
    return list;
  }

  private static ObjectNode node(Entry entry) {
    ObjectNode node = Json.object().put("manager", entry.manager.name());
    node.put("operation", entry.manager.operation()).put("apiVersion", entry.manager.apiVersion());
    if (!entry.time.isEmpty()) {
      node.put("time", entry.time);
    }
    node.put("fieldsType", "FieldsV1").set("fieldsV1", entry.fields.toJson());
    if (!entry.manager.subresource().isEmpty()) {
      node.put("subresource", entry.manager.subresource());
    }
    return node;
  }

  /// `after` with the list that a create, update or patch leaves: the manager owns what it changed
  /// or added, nobody owns what is gone. `before` is empty for a create. A list that the client
  /// sent counts instead of the old one; `[{}]` forgets everything.
  public static ObjectNode afterUpdate(
      ObjectNode before, ObjectNode after, Manager manager, ObjectType type, Instant now) {
    // Usually a client sends the list as it is: reading it costs more than comparing it.
    JsonNode list = Json.at(after, "metadata", "managedFields");
    JsonNode stored = Json.at(before, "metadata", "managedFields");
    boolean untouched = list.isMissingNode() || list.equals(stored);
    ManagedFields sent = untouched ? NONE : of(after);
    boolean reset = isReset(list);
    ManagedFields managed = reset ? NONE : sent.entries.isEmpty() ? of(before) : sent;
    ObjectNode changed = Scope.withoutManagedFields(after);
    ObjectNode old = Scope.filled(Scope.withoutManagedFields(before), changed, type);
    Comparison difference = Comparison.of(old, changed, type);
    FieldSet taken = Scope.owned(difference.changed(), manager.subresource());
    FieldSet gone = Scope.owned(difference.removed(), manager.subresource());
    if (untouched && gone.isEmpty() && managed.isSettled(manager, taken)) {
      if (!managed.entries.isEmpty()) {
        Json.meta(changed).set("managedFields", stored);
      }
      return changed;
    }
    if (taken.isEmpty() && gone.isEmpty()) {
      return managed.in(changed);
    }
    FieldSet owned = managed.ownedBy(manager).difference(gone).union(taken);
    return managed
        .takenFromOthers(manager, taken.union(gone))
        .with(manager, owned, now)
        .capped()
        .in(changed);
  }
}
