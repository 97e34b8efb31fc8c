package dev.berth.controller.reconcile;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.controller.resource.ListWatch;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A copy of all objects of one kind that follows the store by pulling: whoever needs it up to date
/// calls [#refresh], and has then seen every write that was acknowledged before. So a reconciler
/// sees its own writes, and no bookkeeping of expected events is needed.
///
/// Two locks, and only in this order: the informer itself while it pulls, so that listeners hear
/// changes one after the other, and `objects` for the moment of one read or change. Listeners read
/// the caches of other kinds; they take only those inner locks, so two informers can never wait for
/// each other.
///
/// The trees are shared with the store and must not be changed.
public final class Informer {
  private static final int BATCH = 1_000;

  private final ListWatch source;
  private final ResourceType type;
  private final TaskRunner runner;
  private final List<Listener> listeners = new ArrayList<>();
  private final TreeMap<ObjectKey, ObjectNode> objects = new TreeMap<>();
  private final Map<String, Map<ObjectKey, ObjectNode>> byOwner = new HashMap<>();
  private volatile ListWatch.@Nullable Changes changes;

  /// While changes are being applied, that is when nothing is pending but not all is seen yet.
  private volatile boolean pulling;

  Informer(ListWatch source, ResourceType type, TaskRunner runner) {
    this.source = source;
    this.type = type;
    this.runner = runner;
  }

  ResourceType type() {
    return type;
  }

  /// @param kind for whose sake it listens; null when it listens for ever
  private record Listener(@Nullable ResourceType kind, Consumer<ListWatch.Change> hear) {}

  /// Called with every change, also with the first sight of each object; must be quick.
  ///
  /// @param kind for whose sake it listens, until [#forget]; null when it listens for ever
  synchronized void onChange(@Nullable ResourceType kind, Consumer<ListWatch.Change> listener) {
    listeners.add(new Listener(kind, listener));
  }

  /// Ends what listens for the sake of this kind.
  synchronized void forget(ResourceType kind) {
    listeners.removeIf(listener -> kind.equals(listener.kind()));
  }

  synchronized void start() {
    if (changes == null) {
      relist();
      pulling = false;
    }
  }

  /// Returns when everything that was committed before this call is applied. Each reconcile asks
  /// every informer, and nearly all of them have nothing to do: they cost two reads. The order of
  /// the two matters: `pulling` is set before a poll takes the pending mark away.
  public void refresh() {
    ListWatch.Changes source = changes;
    // Without a source it lists anew just now, or follows no more: pull() tells the two apart.
    if (source == null || source.isPending() || pulling) {
      pull();
    }
  }

  private synchronized void pull() {
    ListWatch.Changes from = changes;
    if (from == null) {
      return;
    }
    pulling = true;
    try {
      List<ListWatch.Step> batch = from.poll(BATCH);
      while (!batch.isEmpty()) {
        batch.forEach(step -> apply(step.deleted(), step.after()));
        batch = from.poll(BATCH);
      }
    } catch (ApiException e) {
      if (!(e.error() instanceof ApiError.Expired)) {
        throw e;
      }
      relist();
    } finally {
      pulling = false;
    }
  }

  /// Fell behind the history, or starts: what is gone meanwhile is told as deleted.
  private void relist() {
    stop();
    pulling = true;
    ListWatch.Snapshot now = source.list(type);
    changes = source.watch(type, now.revision(), () -> runner.run(this::refresh));
    Map<ObjectKey, ObjectNode> vanished = snapshot();
    for (ObjectNode object : now.items()) {
      ObjectNode before = vanished.remove(ObjectKey.of(object));
      if (before == null || !Json.resourceVersion(before).equals(Json.resourceVersion(object))) {
        apply(false, object);
      }
    }
    vanished.values().forEach(gone -> apply(true, gone));
  }

  synchronized void stop() {
    if (changes != null) {
      changes.close();
      changes = null;
    }
  }

  /// How far it has followed the store; empty while it does not.
  synchronized OptionalLong revision() {
    return changes == null ? OptionalLong.empty() : OptionalLong.of(changes.revision());
  }

  private void apply(boolean deleted, ObjectNode after) {
    ListWatch.Change change;
    synchronized (objects) {
      ObjectKey key = ObjectKey.of(after);
      ObjectNode before = deleted ? objects.remove(key) : objects.put(key, after);
      if (before != null) {
        unindex(key, before);
      }
      if (!deleted) {
        index(key, after);
      }
      change = new ListWatch.Change(deleted, after, before);
    }
    listeners.forEach(listener -> listener.hear().accept(change));
  }

  private void index(ObjectKey key, ObjectNode object) {
    for (String owner : owners(object)) {
      byOwner.computeIfAbsent(owner, _ -> new TreeMap<>()).put(key, object);
    }
  }

  private void unindex(ObjectKey key, ObjectNode object) {
    for (String owner : owners(object)) {
      Map<ObjectKey, ObjectNode> owned = byOwner.get(owner);
      if (owned != null) {
        owned.remove(key);
        if (owned.isEmpty()) {
          byOwner.remove(owner);
        }
      }
    }
  }

  private static List<String> owners(ObjectNode object) {
    List<String> uids = new ArrayList<>();
    for (JsonNode reference : Json.at(object, "metadata", "ownerReferences")) {
      uids.add(Json.text(reference, "uid"));
    }
    return uids;
  }

  private Map<ObjectKey, ObjectNode> snapshot() {
    synchronized (objects) {
      return new TreeMap<>(objects);
    }
  }

  public Optional<ObjectNode> get(ObjectKey key) {
    synchronized (objects) {
      return Optional.ofNullable(objects.get(key));
    }
  }

  public List<ObjectNode> all() {
    synchronized (objects) {
      return List.copyOf(objects.values());
    }
  }

  public List<ObjectNode> inNamespace(String namespace) {
    synchronized (objects) {
      return List.copyOf(
          objects
              .subMap(new ObjectKey(namespace, ""), new ObjectKey(namespace + "\0", ""))
              .values());
    }
  }

  public Collection<ObjectNode> ownedBy(String uid) {
    synchronized (objects) {
      return List.copyOf(byOwner.getOrDefault(uid, Map.of()).values());
    }
  }
}
