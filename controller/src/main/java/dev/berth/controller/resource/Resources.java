package dev.berth.controller.resource;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Cidr;
import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.api.apply.Conflict;
import dev.berth.api.apply.Manager;
import dev.berth.api.apply.ServerSideApply;
import dev.berth.api.schema.Versions;
import dev.berth.controller.admission.Admission;
import dev.berth.controller.storage.Mutation;
import dev.berth.controller.storage.Outcome;
import dev.berth.controller.storage.RevisionGoneException;
import dev.berth.controller.storage.Store;
import dev.berth.controller.storage.StoreException;
import dev.berth.controller.storage.Versioned;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads and writes objects of every kind under their rules.
///
/// A write is a loop: read the present object, build the next one from it, have it admitted, commit
/// it on the present revision. When another write came between, the loop starts again, unless the
/// caller named the revision it had seen: then it is told of the conflict.
public final class Resources {
  /// In bytes, of the encoded object.
  public static final int LARGEST_OBJECT = 3 << 19;

  private static final int NAME_ATTEMPTS = 8;

  private final Store store;
  private final InstantSource clock;
  private final NewObjects fresh;
  private final ServiceAddresses addresses;
  private final PodAccounts accounts;
  private final Policies policies;
  private final Reads reads;
  private final ServedKinds kinds;

  public Resources(
      Store store,
      InstantSource clock,
      Supplier<String> uids,
      RandomGenerator random,
      Cidr serviceCidr) {
    this.store = store;
    this.clock = clock;
    this.fresh = new NewObjects(clock, uids, random);
    this.kinds = new ServedKinds(store);
    this.reads = new Reads(store, kinds);
    this.policies = new Policies(reads);
    this.accounts =
        new PodAccounts(key -> find(Kinds.SERVICE_ACCOUNT, key).map(Item::tree), fresh::suffix);
    this.addresses =
        new ServiceAddresses(
            serviceCidr, () -> reads.all(Kinds.SERVICE).items().stream().map(Item::tree));
  }

  public ServedKinds kinds() {
    return kinds;
  }

  public ListWatch listWatch() {
    return reads;
  }

  public long revision() {
    return store.revision();
  }

  public Optional<Item> find(ResourceType type, ObjectKey key) {
    return store.get(StoreKeys.key(type, key)).map(found -> kinds.item(type, found));
  }

  public Item get(ResourceType type, ObjectKey key) {
    return find(type, key).orElseThrow(() -> new ApiException(ApiError.notFound(type, key.name())));
  }

  public Listing list(ResourceType type, ListQuery query) {
    return reads.list(type, query);
  }

  /// Opens a watch.
  ///
  /// @param initial whether the present objects come first, as events
  public WatchFeed watch(ResourceType type, ListQuery query, boolean initial, Runnable signal) {
    return reads.watch(type, query, initial, signal);
  }

  public Written create(
      ResourceType type, String namespace, ObjectNode wanted, WriteOptions options) {
    ObjectNode object = Json.deepCopy(wanted);
    NewObjects.requireKind(type, object);
    fresh.prepareMeta(type, namespace, object);
    return createPrepared(type, namespace, object, options);
  }

  private Written createPrepared(
      ResourceType type, String namespace, ObjectNode object, WriteOptions options) {
    requireNamespace(type, namespace);
    requireDefinition(type);
    boolean generated = Json.name(object).isEmpty();
    for (int attempt = 1; ; attempt++) {
      if (generated) {
        fresh.generateName(object);
      }
      try {
        return createNamed(type, Json.deepCopy(object), options);
      } catch (ApiException e) {
        if (!generated || !e.isAlreadyExists() || attempt == NAME_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private Written createNamed(ResourceType type, ObjectNode wanted, WriteOptions options) {
    KindRules.prepareForCreate(type, wanted);
    options.gate().sign(type, wanted);
    List<String> warnings = new ArrayList<>(admitted(type, wanted, null, options));
    ObjectNode object =
        FieldOwners.created(kinds.schema(type).root(), wanted, options.manager(), clock.instant());
    if (type.equals(Kinds.POD)) {
      accounts.equip(object);
    }
    policies.equip(kinds.schema(type), object);
    options.gate().pass(type, object, null);
    ObjectKey key = ObjectKey.of(object);
    if (!type.equals(Kinds.CUSTOM_RESOURCE_DEFINITION)) {
      Kinds.awaitsReconciler(Versions.storage(type)).ifPresent(warnings::add);
    }
    if (find(type, key).isPresent()) {
      throw new ApiException(ApiError.alreadyExists(type, key.name()));
    }
    policies.claim(type, object, null);
    try {
      return new Written(commitAddressed(type, key, object, options), warnings);
    } finally {
      policies.settled(type, object);
    }
  }

  private Item commitAddressed(
      ResourceType type, ObjectKey key, ObjectNode object, WriteOptions options) {
    if (!type.equals(Kinds.SERVICE)) {
      return commitNew(type, key, object, options);
    }
    addresses.assign(object);
    try {
      return commitNew(type, key, object, options);
    } finally {
      addresses.settled(object);
    }
  }

  private List<String> admitted(
      ResourceType type, ObjectNode object, @Nullable ObjectNode old, WriteOptions options) {
    return Admission.admit(
        kinds.schema(type), object, old, options.fieldValidation(), options.duplicates());
  }

  private Item commitNew(
      ResourceType type, ObjectKey key, ObjectNode object, WriteOptions options) {
    if (options.dryRun()) {
      return unstored(type, StoreKeys.key(type, key), object, 0);
    }
    var put =
        new Mutation.Put(
            StoreKeys.key(type, key),
            Mutation.ABSENT,
            Encoding.ofWanted(kinds.toStorage(type, object)));
    return switch (commit(put)) {
      case Outcome.Committed done -> keepOrUndo(type, key, kinds.item(type, done.change().after()));
      case Outcome.Conflict _ -> throw new ApiException(ApiError.alreadyExists(type, key.name()));
    };
  }

  /// The namespace or the definition may have gone between the check and the commit: then nobody
  /// would ever clean up.
  private Item keepOrUndo(ResourceType type, ObjectKey key, Item stored) {
    boolean homeless =
        type.namespaced()
            && find(Kinds.NAMESPACE, ObjectKey.clusterScoped(key.namespace())).isEmpty();
    if (homeless || definition(type) != Definition.THERE) {
      undo(type, key, stored.tree());
      requireNamespace(type, key.namespace());
      requireDefinition(type);
    }
    return stored;
  }

  private void undo(ResourceType type, ObjectKey key, ObjectNode stored) {
    try {
      delete(type, key, DeleteOptions.ofUid(Json.uid(stored)).withGrace(0));
    } catch (ApiException e) {
      if (!e.isNotFound()) {
        throw e;
      }
    }
  }

  private enum Definition {
    THERE,
    GOING,
    GONE
  }

  private Definition definition(ResourceType type) {
    if (ServedKinds.isBuiltIn(type)) {
      return Definition.THERE;
    }
    return find(Kinds.CUSTOM_RESOURCE_DEFINITION, ObjectKey.clusterScoped(type.qualifiedName()))
        .map(found -> Json.isDeleting(found.tree()) ? Definition.GOING : Definition.THERE)
        .orElse(Definition.GONE);
  }

  /// A definition takes its objects with it: one that comes now might stay behind.
  private void requireDefinition(ResourceType type) {
    switch (definition(type)) {
      case THERE -> {}
      case GOING ->
          throw new ApiException(
              new ApiError.MethodNotAllowed(
                  "create not allowed while custom resource definition is terminating"));
      case GONE -> throw new ApiException(ApiError.notFound(type, ""));
    }
  }

  private void requireNamespace(ResourceType type, String namespace) {
    if (!type.namespaced()) {
      return;
    }
    ObjectNode found =
        find(Kinds.NAMESPACE, ObjectKey.clusterScoped(namespace))
            .map(Item::tree)
            .orElseThrow(() -> new ApiException(ApiError.notFound(Kinds.NAMESPACE, namespace)));
    if (Json.isDeleting(found)) {
      throw new ApiException(
          new ApiError.Forbidden(
              "unable to create new content in namespace "
                  + namespace
                  + " because it is being terminated"));
    }
  }

  /// Replaces the object's wishes, or its status where `subresource` says so.
  public Written update(
      ResourceType type,
      ObjectKey key,
      ObjectNode wanted,
      Subresource subresource,
      WriteOptions options) {
    NewObjects.requireKind(type, wanted);
    NewObjects.requireSameNamespace(type, key.namespace(), wanted);
    return change(type, key, subresource, options, _ -> Json.deepCopy(wanted));
  }

  /// Applies `patch` to a copy of the present object, again on each lost race.
  public Written patch(
      ResourceType type,
      ObjectKey key,
      Subresource subresource,
      WriteOptions options,
      UnaryOperator<ObjectNode> patch) {
    return change(type, key, subresource, options, now -> patch.apply(Json.deepCopy(now)));
  }

  /// Makes the object have what `config` says, and the manager of `options` the owner of that.
  ///
  /// @param force takes fields from other managers instead of a conflict
  /// @throws ApiException `Conflict` with a cause for each field that another manager owns
  public Written apply(
      ResourceType type,
      ObjectKey key,
      ObjectNode config,
      Subresource subresource,
      WriteOptions options,
      boolean force) {
    NewObjects.requireKind(type, config);
    NewObjects.requireSameNamespace(type, key.namespace(), config);
    if (!ServedKinds.isBuiltIn(type)) {
      return applyKnown(type, key, config, subresource, options, force);
    }
    // Nobody comes to own a field that is not stored.
    ObjectNode known = Json.deepCopy(config);
    List<String> warnings =
        new ArrayList<>(
            Admission.known(kinds.schema(type), known, options.fieldValidation(), List.of()));
    Written written = applyKnown(type, key, known, subresource, options, force);
    warnings.addAll(written.warnings());
    return new Written(written.item(), warnings);
  }

  private Written applyKnown(
      ResourceType type,
      ObjectKey key,
      ObjectNode config,
      Subresource subresource,
      WriteOptions options,
      boolean force) {
    Manager manager = options.manager().orElseThrow();
    while (true) {
      try {
        return change(
            type,
            key,
            subresource,
            options,
            now -> applied(type, Optional.of(now), config, manager, force));
      } catch (ApiException e) {
        if (!e.isNotFound() || subresource != Subresource.NONE || find(type, key).isPresent()) {
          throw e;
        }
      }
      try {
        return createApplied(type, key, config, options, manager);
      } catch (ApiException e) {
        if (!e.isAlreadyExists()) {
          throw e;
        }
      }
    }
  }

  private Written createApplied(
      ResourceType type, ObjectKey key, ObjectNode config, WriteOptions options, Manager manager) {
    ObjectNode named = Json.deepCopy(config);
    Json.meta(named).put("name", key.name());
    ObjectNode object = applied(type, Optional.empty(), named, manager, false);
    JsonNode owners = Json.meta(object).path("managedFields");
    fresh.prepareMeta(type, key.namespace(), object);
    if (!owners.isMissingNode()) { // somebody owns something
      Json.meta(object).set("managedFields", owners);
    }
    return createPrepared(type, key.namespace(), object, options);
  }

  private ObjectNode applied(
      ResourceType type,
      Optional<ObjectNode> live,
      ObjectNode config,
      Manager manager,
      boolean force) {
    ServerSideApply.Applied applied =
        ServerSideApply.apply(
            live, config, kinds.schema(type).root(), manager, force, clock.instant());
    if (!applied.conflicts().isEmpty()) {
      throw new ApiException(Conflict.error(applied.conflicts()));
    }
    return applied.object();
  }

  private Written change(
      ResourceType type,
      ObjectKey key,
      Subresource subresource,
      WriteOptions options,
      UnaryOperator<ObjectNode> next) {
    while (true) {
      Item present = get(type, key);
      ObjectNode wanted = next.apply(present.tree());
      requireSameObject(type, key, present, wanted);
      ObjectNode object = Merging.next(type, present.tree(), wanted, subresource);
      List<String> warnings = admitted(type, object, present.tree(), options);
      options.gate().pass(type, object, present.tree());
      ObjectNode owned =
          FieldOwners.changed(
              kinds.schema(type).root(),
              present.tree(),
              wanted,
              object,
              options.manager(),
              clock.instant());
      Optional<Item> stored = storeAllowed(present, owned, options);
      if (stored.isPresent()) {
        return new Written(stored.get(), warnings);
      }
    }
  }

  /// A writer that names the revision or uid it had seen means only that one. After a lost race the
  /// present revision is another, so the second round refuses it here.
  private static void requireSameObject(
      ResourceType type, ObjectKey key, Item present, ObjectNode wanted) {
    String name = Json.name(wanted);
    if (!name.isEmpty() && !name.equals(key.name())) {
      throw new ApiException(
          new ApiError.BadRequest(
              "the name of the object ("
                  + name
                  + ") does not match the name on the URL ("
                  + key.name()
                  + ")"));
    }
    String uid = Json.uid(wanted);
    String revision = Json.resourceVersion(wanted);
    boolean otherUid = !uid.isEmpty() && !uid.equals(Json.uid(present.tree()));
    boolean otherRevision =
        !revision.isEmpty() && !revision.equals(Long.toString(present.revision()));
    if (otherUid || otherRevision) {
      throw new ApiException(ApiError.conflict(type, key.name()));
    }
  }

  /// An object that was not written, as if it had been.
  private static Item unstored(
      ResourceType type, String storeKey, ObjectNode object, long revision) {
    return new Item(type, new Versioned(storeKey, Json.bytes(object), revision));
  }

  private Optional<Item> storeAllowed(Item present, ObjectNode object, WriteOptions options) {
    policies.claim(present.type(), object, present.tree());
    try {
      return store(present, object, options);
    } finally {
      policies.settled(present.type(), object);
    }
  }

  private Optional<Item> store(Item present, ObjectNode object, WriteOptions options) {
    Json.meta(object).put("resourceVersion", Long.toString(present.revision()));
    byte[] encoded = Encoding.encoded(object);
    // Replacing an object by itself is how it is moved to a new storage version.
    boolean same =
        Encoding.isSame(encoded, present)
            && !kinds.isStoredOtherwise(present.type(), present.storeKey());
    if (same || options.dryRun()) {
      return Optional.of(unstored(present.type(), present.storeKey(), object, present.revision()));
    }
    byte[] bytes =
        ServedKinds.isStoredAsShown(present.type())
            ? encoded
            : Encoding.encoded(kinds.toStorage(present.type(), object));
    boolean goes = Json.isDeleting(object) && !KindRules.isHeld(present.type(), object);
    Mutation mutation =
        goes
            ? new Mutation.Delete(present.storeKey(), present.revision(), Encoding.of(bytes))
            : new Mutation.Put(present.storeKey(), present.revision(), Encoding.ofWanted(bytes));
    return switch (commit(mutation)) {
      case Outcome.Committed done -> Optional.of(kinds.item(present.type(), done.change().after()));
      case Outcome.Conflict _ -> Optional.empty();
    };
  }

  /// Puts an unbound pod on a node.
  public void bind(ObjectKey pod, String uid, String node) {
    patch(
        Kinds.POD,
        pod,
        Subresource.BINDING,
        WriteOptions.DEFAULT,
        object -> {
          requireUnbound(pod, uid, object);
          Json.ensure(object, "spec").put("nodeName", node);
          Conditions.set(
              object, new Condition("PodScheduled", Condition.TRUE, "", "", clock.instant(), 0));
          return object;
        });
  }

  private static void requireUnbound(ObjectKey pod, String uid, ObjectNode object) {
    boolean other = !uid.isEmpty() && !uid.equals(Json.uid(object));
    String node = Json.text(object, "spec", "nodeName");
    if (other || Json.isDeleting(object) || !node.isEmpty()) {
      String why =
          node.isEmpty() ? "is being deleted" : "is already assigned to node \"" + node + "\"";
      throw new ApiException(
          new ApiError.Conflict(
              "Operation cannot be fulfilled on pods/binding \""
                  + pod.name()
                  + "\": pod "
                  + pod.name()
                  + " "
                  + why));
    }
  }

  public Deleted delete(ResourceType type, ObjectKey key, DeleteOptions options) {
    requireDeletable(type, key);
    while (true) {
      Item present = get(type, key);
      requirePreconditions(type, key, present, options);
      Deletion decision = Deletion.decide(type, present.tree(), options, clock.instant());
      if (options.dryRun() || decision instanceof Deletion.Unchanged) {
        return new Deleted(present.tree(), decision instanceof Deletion.Remove);
      }
      Optional<Deleted> done = perform(present, decision);
      if (done.isPresent()) {
        return done.get();
      }
    }
  }

  private Optional<Deleted> perform(Item present, Deletion decision) {
    boolean remove = decision instanceof Deletion.Remove;
    Mutation mutation =
        decision instanceof Deletion.Mark(ObjectNode marked)
            ? new Mutation.Put(
                present.storeKey(),
                present.revision(),
                Encoding.of(kinds.toStorage(present.type(), marked)))
            : new Mutation.Delete(
                present.storeKey(),
                present.revision(),
                Encoding.of(kinds.toStorage(present.type(), present.tree())));
    return switch (commit(mutation)) {
      case Outcome.Committed done ->
          Optional.of(
              new Deleted(kinds.fromStorage(present.type(), done.change().after().tree()), remove));
      case Outcome.Conflict _ -> Optional.empty();
    };
  }

  private static void requireDeletable(ResourceType type, ObjectKey key) {
    if (type.equals(Kinds.NAMESPACE) && SystemNamespaces.NAMES.contains(key.name())) {
      throw new ApiException(
          new ApiError.Forbidden(
              "namespaces \"" + key.name() + "\" is forbidden: this namespace may not be deleted"));
    }
  }

  private static void requirePreconditions(
      ResourceType type, ObjectKey key, Item present, DeleteOptions options) {
    String uid = options.preconditionUid();
    String revision = options.preconditionResourceVersion();
    if (!uid.isEmpty() && !uid.equals(Json.uid(present.tree()))) {
      throw new ApiException(
          new ApiError.Conflict(
              "Operation cannot be fulfilled on "
                  + type.qualifiedName()
                  + " \""
                  + key.name()
                  + "\": the UID in the precondition ("
                  + uid
                  + ") does not match the UID in record ("
                  + Json.uid(present.tree())
                  + "). The object might have been deleted and then recreated"));
    }
    if (!revision.isEmpty() && !revision.equals(Long.toString(present.revision()))) {
      throw new ApiException(ApiError.conflict(type, key.name()));
    }
  }

  private Outcome commit(Mutation mutation) {
    try {
      return store.commit(mutation);
    } catch (StoreException e) {
      ApiError error =
          e.full()
              ? new ApiError.InsufficientStorage(String.valueOf(e.getMessage()))
              : new ApiError.ServiceUnavailable(String.valueOf(e.getMessage()));
      throw new ApiException(error, e);
    }
  }

  static ApiException expired(RevisionGoneException e, @Nullable String continueToken) {
    return new ApiException(
        new ApiError.Expired(String.valueOf(e.getMessage()), Optional.ofNullable(continueToken)),
        e);
  }
}
