package dev.berth.controller.resource;

import dev.berth.api.GroupVersionKind;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.api.VersionOrder;
import dev.berth.api.schema.KindSchema;
import dev.berth.api.schema.Schemas;
import dev.berth.api.schema.Versions;
import dev.berth.controller.customkind.CustomKind;
import dev.berth.controller.storage.Store;
import dev.berth.controller.storage.Versioned;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/// The built-in kinds, and those that definitions in the store bring at this very moment: a
/// definition's name is its plural and its group, so a path leads to it without any search. What a
/// definition means is worked out once for each of its revisions. Any thread.
public final class ServedKinds {
  private static final Set<ResourceType> BUILT_IN =
      Collections.newSetFromMap(new IdentityHashMap<>());

  /// Second versions of built-in kinds: stored as the first.
  private static final Set<ResourceType> OTHERS =
      Collections.newSetFromMap(new IdentityHashMap<>());

  static {
    BUILT_IN.addAll(Kinds.all());
    BUILT_IN.addAll(Kinds.otherVersions());
    BUILT_IN.addAll(Kinds.measured());
    OTHERS.addAll(Kinds.otherVersions());
  }

  private static final Logger LOG = LoggerFactory.getLogger(ServedKinds.class);

  private final Store store;
  private final Map<String, Made> made = new ConcurrentHashMap<>();

  private record Made(long revision, List<CustomKind> kinds, Optional<ResourceType> stored) {}

  ServedKinds(Store store) {
    this.store = store;
  }

  /// By identity: the built-in kinds are constants.
  static boolean isBuiltIn(ResourceType type) {
    return BUILT_IN.contains(type);
  }

  /// Whether objects of the kind are read and stored in one form.
  static boolean isStoredAsShown(ResourceType type) {
    return isBuiltIn(type) && !OTHERS.contains(type);
  }

  public Optional<ResourceType> byPlural(String group, String version, String plural) {
    Optional<ResourceType> builtIn =
        Kinds.byPlural(group, version, plural)
            .or(
                () ->
                    other(
                        type ->
                            type.plural().equals(plural)
                                && type.gvk().version().equals(version)
                                && type.gvk().group().equals(group)));
    return builtIn.isPresent() || group.isEmpty()
        ? builtIn
        : custom(plural + "." + group, type -> type.gvk().version().equals(version))
            .map(kind -> kind.schema().type());
  }

  public Optional<ResourceType> byKind(GroupVersionKind gvk) {
    return Kinds.byKind(gvk)
        .or(() -> other(type -> type.gvk().equals(gvk)))
        .or(() -> custom().stream().filter(type -> type.gvk().equals(gvk)).findFirst());
  }

  private static Optional<ResourceType> other(Predicate<ResourceType> wanted) {
    return Stream.concat(Kinds.otherVersions().stream(), Kinds.measured().stream())
        .filter(wanted)
        .findFirst();
  }

  /// Every kind that is served, the newest version of a custom one first.
  public List<ResourceType> all() {
    List<ResourceType> all = new ArrayList<>(Kinds.all());
    all.addAll(Kinds.otherVersions());
    all.addAll(Kinds.measured());
    all.addAll(custom());
    return all;
  }

  /// Those that definitions bring.
  public List<ResourceType> custom() {
    return definitions().stream().map(kind -> kind.schema().type()).toList();
  }

  /// One for each definition, whether it serves a version now or not: those of which there may be
  /// objects.
  public List<ResourceType> storedCustom() {
    return perDefinition().stream().flatMap(each -> each.stored().stream()).toList();
  }

  /// The schemas of [#all], in its order.
  public List<KindSchema> schemas() {
    List<KindSchema> all = new ArrayList<>(Schemas.all());
    Kinds.otherVersions().forEach(type -> all.add(Schemas.of(type)));
    Kinds.measured().forEach(type -> all.add(Schemas.of(type)));
    definitions().forEach(kind -> all.add(kind.schema()));
    return all;
  }

  /// One that was served a moment ago and is no more has no fields left that mean anything.
  public KindSchema schema(ResourceType type) {
    if (isBuiltIn(type)) {
      return Schemas.of(type);
    }
    return custom(type)
        .map(CustomKind::schema)
        .or(() -> Schemas.of(type.gvk()))
        .orElseThrow(
            () -> new dev.berth.api.ApiException(dev.berth.api.ApiError.notFound(type, "")));
  }

  /// Where a custom kind has its replicas, in the words of its definition; missing for others.
  public JsonNode scale(ResourceType type) {
    return custom(type)
        .map(kind -> Json.at(kind.definition(), "subresources", "scale"))
        .orElseGet(MissingNode::getInstance);
  }

  Optional<CustomKind> custom(ResourceType type) {
    return isBuiltIn(type)
        ? Optional.empty()
        : custom(type.qualifiedName(), each -> each.gvk().equals(type.gvk()));
  }

  private Optional<CustomKind> custom(String definition, Predicate<ResourceType> wanted) {
    String key =
        StoreKeys.key(Kinds.CUSTOM_RESOURCE_DEFINITION, ObjectKey.clusterScoped(definition));
    return store.get(key).stream()
        .flatMap(found -> made(found).kinds().stream())
        .filter(kind -> wanted.test(kind.schema().type()))
        .findFirst();
  }

  private List<CustomKind> definitions() {
    return perDefinition().stream().flatMap(each -> each.kinds().stream()).toList();
  }

  private List<Made> perDefinition() {
    String prefix = StoreKeys.prefix(Kinds.CUSTOM_RESOURCE_DEFINITION, null);
    List<Versioned> stored = store.list(prefix).items();
    made.keySet().retainAll(stored.stream().map(Versioned::key).toList());
    return stored.stream().map(this::made).toList();
  }

  private Made made(Versioned definition) {
    return made.compute(
        definition.key(),
        (_, before) ->
            before != null && before.revision() == definition.revision()
                ? before
                : new Made(
                    definition.revision(),
                    kinds(definition.tree()),
                    CustomKind.storedType(definition.tree())));
  }

  /// A definition that cannot be understood serves nothing, and harms no other.
  private static List<CustomKind> kinds(ObjectNode definition) {
    try {
      return sorted(definition);
    } catch (RuntimeException | StackOverflowError e) {
      LOG.atWarn()
          .addKeyValue("name", Json.name(definition))
          .setCause(e)
          .log("a definition serves nothing: it cannot be understood");
      return List.of();
    }
  }

  private static List<CustomKind> sorted(ObjectNode definition) {
    return CustomKind.of(definition).stream()
        .sorted(
            Comparator.comparing(kind -> kind.schema().type().gvk().version(), VersionOrder.NEWEST))
        .toList();
  }

  /// How an object of the kind is read: in the asked version, with the defaults of its schema.
  Item item(ResourceType type, Versioned stored) {
    if (OTHERS.contains(type)) {
      byte[] shown = Json.bytes(Versions.fromStorage(type, stored.tree()));
      return new Item(type, new Versioned(stored.key(), shown, stored.revision()));
    }
    if (isBuiltIn(type)) {
      return new Item(type, stored);
    }
    Optional<CustomKind> kind = custom(type);
    String version = type.gvk().apiVersion();
    boolean same =
        kind.isEmpty()
            || (!kind.get().fills() && Json.text(stored.tree(), "apiVersion").equals(version));
    return same ? new Item(type, stored) : new Item(type, converted(kind.get(), stored));
  }

  private static Versioned converted(CustomKind kind, Versioned stored) {
    ObjectNode object = Json.deepCopy(stored.tree());
    object.put("apiVersion", kind.schema().type().gvk().apiVersion());
    kind.schema().applyDefaults(object);
    return new Versioned(stored.key(), Json.bytes(object), stored.revision());
  }

  /// Whether requests for the kind are answered now.
  public boolean isServed(ResourceType type) {
    return isBuiltIn(type) || custom(type).isPresent();
  }

  /// Whether the object under the key lies in another version than new ones do.
  boolean isStoredOtherwise(ResourceType type, String storeKey) {
    return custom(type)
        .flatMap(
            kind ->
                store
                    .get(storeKey)
                    .map(found -> !Json.text(found.tree(), "apiVersion").equals(kind.stored())))
        .orElse(false);
  }

  /// The object as it is stored: in the one version of its kind that is.
  ObjectNode toStorage(ResourceType type, ObjectNode object) {
    if (OTHERS.contains(type)) {
      return Versions.toStorage(type, object);
    }
    return custom(type)
        .map(kind -> Json.deepCopy(object).put("apiVersion", kind.stored()))
        .orElse(object);
  }

  /// What a write has stored, as its writer knows it.
  ObjectNode fromStorage(ResourceType type, ObjectNode stored) {
    if (OTHERS.contains(type)) {
      return Versions.fromStorage(type, stored);
    }
    String version = type.gvk().apiVersion();
    return isBuiltIn(type) || Json.text(stored, "apiVersion").equals(version)
        ? stored
        : Json.deepCopy(stored).put("apiVersion", version);
  }
}
