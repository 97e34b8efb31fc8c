package dev.berth.controller.resource;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Cidr;
import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.GroupVersionKind;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.api.Times;
import dev.berth.controller.admission.Admission;
import dev.berth.controller.storage.Mutation;
import dev.berth.controller.storage.Outcome;
import dev.berth.controller.storage.RevisionGoneException;
import dev.berth.controller.storage.Store;
import dev.berth.controller.storage.StoreException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Reads and writes objects of every kind under their rules.
///
/// A write is a loop: read the present object, build the next one from it, have it admitted, commit
/// it on the present revision. When another write came between, the loop starts again, unless the
/// caller named the revision it had seen: then it is told of the conflict.
public final class Resources {
  private static final int NAME_ATTEMPTS = 8;
  private static final String NAME_LETTERS = "bcdfghjklmnpqrstvwxz2456789";

  private final Store store;
  private final InstantSource clock;
  private final Supplier<String> uids;
  private final RandomGenerator random;
  private final ServiceAddresses addresses;
  private final Reads reads;

  public Resources(
      Store store,
      InstantSource clock,
      Supplier<String> uids,
      RandomGenerator random,
      Cidr serviceCidr) {
    this.store = store;
    this.clock = clock;
    this.uids = uids;
    this.random = random;
    this.reads = new Reads(store);
    this.addresses =
        new ServiceAddresses(
            serviceCidr, () -> reads.all(Kinds.SERVICE).items().stream().map(Item::tree));
  }

  public ListWatch listWatch() {
    return reads;
  }

  public long revision() {
    return store.revision();
  }

  public Optional<Item> find(ResourceType type, ObjectKey key) {
    return store.get(StoreKeys.key(type, key)).map(found -> new Item(type, found));
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
    requireKind(type, object);
    prepareMeta(type, namespace, object);
    requireNamespace(type, namespace);
    boolean generated = Json.name(object).isEmpty();
    for (int attempt = 1; ; attempt++) {
      if (generated) {
        generateName(object);
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

  private Written createNamed(ResourceType type, ObjectNode object, WriteOptions options) {
    KindRules.prepareForCreate(type, object);
    List<String> warnings = Admission.admit(type, object, null, options.fieldValidation());
    ObjectKey key = ObjectKey.of(object);
    if (find(type, key).isPresent()) {
      throw new ApiException(ApiError.alreadyExists(type, key.name()));
    }
    if (!type.equals(Kinds.SERVICE)) {
      return new Written(commitNew(type, key, object, options), warnings);
    }
    addresses.assign(object);
    try {
      return new Written(commitNew(type, key, object, options), warnings);
    } finally {
      addresses.settled(object);
    }
  }

  private ObjectNode commitNew(
      ResourceType type, ObjectKey key, ObjectNode object, WriteOptions options) {
    if (options.dryRun()) {
      return object;
    }
    var put = new Mutation.Put(StoreKeys.key(type, key), Mutation.ABSENT, Encoding.of(object));
    return switch (commit(put)) {
      case Outcome.Committed done -> keepOrUndo(type, key, done.change().after().tree());
      case Outcome.Conflict _ -> throw new ApiException(ApiError.alreadyExists(type, key.name()));
    };
  }

  /// The namespace may have gone between the check and the commit: then nobody would ever clean up.
  private ObjectNode keepOrUndo(ResourceType type, ObjectKey key, ObjectNode stored) {
    if (type.namespaced()
        && find(Kinds.NAMESPACE, ObjectKey.clusterScoped(key.namespace())).isEmpty()) {
      delete(type, key, DeleteOptions.ofUid(Json.uid(stored)).withGrace(0));
      requireNamespace(type, key.namespace());
    }
    return stored;
  }

  private void prepareMeta(ResourceType type, String namespace, ObjectNode object) {
    ObjectNode meta = Json.meta(object);
    if (!Json.resourceVersion(object).isEmpty()) {
      throw new ApiException(
          new ApiError.BadRequest("resourceVersion should not be set on objects to be created"));
    }
    requireSameNamespace(type, namespace, object);
    if (type.namespaced()) {
      meta.put("namespace", namespace);
    } else {
      meta.remove("namespace");
    }
    meta.put("uid", uids.get());
    meta.put("creationTimestamp", Times.format(clock.instant()));
    meta.remove(
        List.of(
            "generation",
            "resourceVersion",
            "selfLink",
            "managedFields",
            "deletionTimestamp",
            "deletionGracePeriodSeconds"));
  }

  private static void requireSameNamespace(ResourceType type, String namespace, ObjectNode object) {
    String own = Json.namespace(object);
    if (type.namespaced() && !own.isEmpty() && !own.equals(namespace)) {
      throw new ApiException(
          new ApiError.BadRequest(
              "the namespace of the provided object does not match the namespace sent on the"
                  + " request: "
                  + own
                  + " and "
                  + namespace));
    }
  }

  private static void requireKind(ResourceType type, ObjectNode object) {
    GroupVersionKind found = GroupVersionKind.of(object);
    if (found.kind().isEmpty() && found.version().isEmpty()) {
      object.put("apiVersion", type.gvk().apiVersion()).put("kind", type.kind());
    } else if (!found.equals(type.gvk())) {
      throw new ApiException(
          new ApiError.BadRequest(
              "the object is a " + found + ", but the path wants a " + type.gvk()));
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

  private void generateName(ObjectNode object) {
    String base = Json.text(object, "metadata", "generateName");
    if (base.isEmpty()) {
      throw new ApiException(
          ApiError.Invalid.of(
              Json.text(object, "kind"),
              "",
              List.of(
                  new ApiError.Cause(
                      "metadata.name",
                      "FieldValueRequired",
                      "Required value: name or generateName is required"))));
    }
    StringBuilder name = new StringBuilder(base);
    for (int i = 0; i < 5; i++) {
      name.append(NAME_LETTERS.charAt(random.nextInt(NAME_LETTERS.length())));
    }
    Json.meta(object).put("name", name.toString());
  }

  /// Replaces the object's wishes, or its status where `subresource` says so.
  public Written update(
      ResourceType type,
      ObjectKey key,
      ObjectNode wanted,
      Subresource subresource,
      WriteOptions options) {
    requireKind(type, wanted);
    requireSameNamespace(type, key.namespace(), wanted);
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
      List<String> warnings =
          Admission.admit(type, object, present.tree(), options.fieldValidation());
      Optional<ObjectNode> stored = store(present, Json.parseObject(Json.bytes(object)), options);
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

  private Optional<ObjectNode> store(Item present, ObjectNode object, WriteOptions options) {
    Json.meta(object).put("resourceVersion", Long.toString(present.revision()));
    if (object.equals(present.tree()) || options.dryRun()) {
      return Optional.of(object);
    }
    boolean goes = Json.isDeleting(object) && !KindRules.isHeld(present.type(), object);
    Mutation mutation =
        goes
            ? new Mutation.Delete(present.storeKey(), present.revision(), Encoding.of(object))
            : new Mutation.Put(present.storeKey(), present.revision(), Encoding.of(object));
    return switch (commit(mutation)) {
      case Outcome.Committed done -> Optional.of(done.change().after().tree());
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
            ? new Mutation.Put(present.storeKey(), present.revision(), Encoding.of(marked))
            : new Mutation.Delete(
                present.storeKey(), present.revision(), Encoding.of(present.tree()));
    return switch (commit(mutation)) {
      case Outcome.Committed done -> Optional.of(new Deleted(done.change().after().tree(), remove));
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
