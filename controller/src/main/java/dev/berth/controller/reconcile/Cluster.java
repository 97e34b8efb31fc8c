package dev.berth.controller.reconcile;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.LabelSelector;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.controller.resource.DeleteOptions;
import dev.berth.controller.resource.Item;
import dev.berth.controller.resource.ListQuery;
import dev.berth.controller.resource.ListWatch;
import dev.berth.controller.resource.Resources;
import dev.berth.controller.resource.Subresource;
import dev.berth.controller.resource.WriteOptions;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// What reconcilers see and do: caches of all kinds to read, actions to perform, events to tell.
public final class Cluster {
  private final Resources resources;
  private final TaskRunner runner;
  private final Events events;
  // Replaced as a whole when a kind comes: whoever goes through it sees the kinds of one moment.
  private volatile Map<ResourceType, Informer> informers = Map.of();

  /// The kind whose listeners are being added; null for those that stay. Guarded by this.
  private @Nullable ResourceType wiring;

  public Cluster(Resources resources, TaskRunner runner) {
    this.resources = resources;
    this.runner = runner;
    this.events = new Events(resources);
    ListWatch source = resources.listWatch();
    Map<ResourceType, Informer> builtIn = new LinkedHashMap<>();
    Kinds.all().stream()
        .filter(ResourceType::stored)
        .forEach(type -> builtIn.put(type, new Informer(source, type, runner)));
    this.informers = builtIn;
  }

  /// Follows a custom kind too, until [#unfollow].
  ///
  /// @param wire adds the listeners, before the first object is seen
  /// @return false, and nothing was done, when it is followed already
  public synchronized boolean follow(ResourceType type, Runnable wire) {
    if (informers.containsKey(type)) {
      return false;
    }
    Informer informer = new Informer(resources.listWatch(), type, runner);
    Map<ResourceType, Informer> more = new LinkedHashMap<>(informers);
    more.put(type, informer);
    informers = more;
    wiring = type;
    try {
      wire.run();
    } finally {
      wiring = null;
    }
    informer.start();
    return true;
  }

  /// Ends the cache of a custom kind whose definition has gone, and all that listened anywhere for
  /// its sake. From now on there are no objects of it.
  public synchronized void unfollow(ResourceType type) {
    Map<ResourceType, Informer> less = new LinkedHashMap<>(informers);
    Informer gone = less.remove(type);
    if (gone != null) {
      informers = less;
      less.values().forEach(informer -> informer.forget(type));
      gone.stop();
    }
  }

  /// Begins to follow the store; listeners must have been added before.
  public void start() {
    informers.values().forEach(Informer::start);
  }

  public void stop() {
    informers.values().forEach(Informer::stop);
  }

  /// How far each cache has followed the store, by kind; empty for one that does not follow.
  public Map<ResourceType, OptionalLong> caches() {
    Map<ResourceType, OptionalLong> revisions = new LinkedHashMap<>();
    informers.forEach((type, informer) -> revisions.put(type, informer.revision()));
    return revisions;
  }

  void refresh() {
    informers.values().forEach(Informer::refresh);
  }

  /// The kinds of which there are objects; the others are only answered.
  public Set<ResourceType> kinds() {
    return informers.keySet();
  }

  public synchronized void onChange(ResourceType type, Consumer<ListWatch.Change> listener) {
    Informer informer = informers.get(type);
    if (informer == null) {
      throw new IllegalArgumentException("not a served kind: " + type);
    }
    informer.onChange(wiring, listener);
  }

  /// Has the objects of `type` looked at again that make pods: a pod may have been refused whose
  /// ServiceAccount or class is there now, or for which there was no room in a quota or limit.
  public void onMoreAllowed(ResourceType type, ReconcileLoop loop) {
    for (ResourceType allowing :
        List.of(
            Kinds.SERVICE_ACCOUNT, Kinds.PRIORITY_CLASS, Kinds.RESOURCE_QUOTA, Kinds.LIMIT_RANGE)) {
      onChange(
          allowing,
          change -> {
            if (Allowing.more(allowing, change)) {
              String namespace = Json.namespace(change.after());
              (namespace.isEmpty() ? all(type) : inNamespace(type, namespace))
                  .forEach(object -> loop.add(ObjectKey.of(object)));
            }
          });
    }
  }

  /// Empty for a kind that is not followed, or no more: there are no objects of it.
  private Optional<Informer> informer(ResourceType type) {
    return Optional.ofNullable(informers.get(type));
  }

  public Instant now() {
    return runner.now();
  }

  public Optional<ObjectNode> find(ResourceType type, ObjectKey key) {
    return informer(type).flatMap(informer -> informer.get(key));
  }

  public List<ObjectNode> all(ResourceType type) {
    return informer(type).map(Informer::all).orElse(List.of());
  }

  /// All objects as of now: with every write that was acknowledged before this call.
  public List<ObjectNode> latest(ResourceType type) {
    informer(type).ifPresent(Informer::refresh);
    return all(type);
  }

  public List<ObjectNode> inNamespace(ResourceType type, String namespace) {
    return informer(type).map(informer -> informer.inNamespace(namespace)).orElse(List.of());
  }

  public Collection<ObjectNode> ownedBy(ResourceType type, String uid) {
    return informer(type).map(informer -> informer.ownedBy(uid)).orElse(List.of());
  }

  public List<ObjectNode> select(ResourceType type, String namespace, LabelSelector selector) {
    return inNamespace(type, namespace).stream()
        .filter(object -> selector.matches(Json.labels(object)))
        .toList();
  }

  /// Performs a plan in its order and stops at the first refusal.
  public void perform(List<Action> plan) {
    plan.forEach(this::perform);
  }

  private void perform(Action action) {
    switch (action) {
      case Action.Create(ResourceType type, ObjectNode object) ->
          resources.create(type, Json.namespace(object), object, WriteOptions.DEFAULT);
      case Action.Update(ResourceType type, ObjectNode object) ->
          resources.update(
              type, ObjectKey.of(object), object, Subresource.NONE, WriteOptions.DEFAULT);
      case Action.UpdateStatus(ResourceType type, ObjectNode object) ->
          resources.update(
              type, ObjectKey.of(object), object, Subresource.STATUS, WriteOptions.DEFAULT);
      case Action.Delete(ResourceType type, ObjectKey key, String uid) -> delete(type, key, uid);
      case Action.Emit(Note note) -> events.write(note, now());
    }
  }

  /// Already gone, or another object by now: both are what was wanted.
  private void delete(ResourceType type, ObjectKey key, String uid) {
    try {
      resources.delete(type, key, DeleteOptions.ofUid(uid));
    } catch (dev.berth.api.ApiException e) {
      if (!e.isNotFound() && !e.isConflict()) {
        throw e;
      }
    }
  }

  /// Deletes every object of a kind, of which there need be no cache.
  ///
  /// @param namespace in this one; in all when it is empty
  /// @return whether there were any: some may be held by finalizers
  public boolean deleteAll(ResourceType type, String namespace) {
    List<Item> found = resources.list(type, ListQuery.all(namespace)).items();
    for (Item item : found) {
      if (!Json.isDeleting(item.tree())) {
        delete(type, item.key(), Json.uid(item.tree()));
      }
    }
    return !found.isEmpty();
  }

  /// For the few writes that are no plan: binding, namespace finalizers.
  public Resources resources() {
    return resources;
  }

  void tell(ResourceType type, ObjectKey key, String reason, String message) {
    find(type, key)
        .ifPresent(
            object -> events.write(Note.warning(object, reason, message, "controller"), now()));
  }
}
