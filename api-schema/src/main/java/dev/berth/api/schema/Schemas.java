package dev.berth.api.schema;

import dev.berth.api.GroupVersionKind;
import dev.berth.api.Kinds;
import dev.berth.api.ResourceType;
import dev.berth.api.schema.FieldType.ObjectType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The schema of every kind that is served. This table is where a new kind is written down.
public final class Schemas {
  private static final Map<GroupVersionKind, KindSchema> ALL = new LinkedHashMap<>();

  static {
    builtin(Kinds.NAMESPACE, Defaults::namespace, Rules.NONE, Columns.namespace());
    builtin(Kinds.NODE, Defaults::none, BuiltinRules::node, Columns.node());
    builtin(
        Kinds.POD,
        PodDefaults::pod,
        withUpdates(PodRules::pod, PodRules::podUpdate, PodRules::nodeNameUpdate),
        PodColumns.all());
    builtin(
        Kinds.SERVICE,
        Defaults::service,
        withUpdates(BuiltinRules::service, BuiltinRules::serviceUpdate),
        Columns.service());
    builtin(
        Kinds.CONFIG_MAP,
        Defaults::none,
        withUpdates(BuiltinRules::data, BuiltinRules::dataUpdate),
        Columns.configMap());
    builtin(
        Kinds.SECRET,
        Defaults::secret,
        withUpdates(BuiltinRules::data, BuiltinRules::secretUpdate),
        Columns.secret());
    builtin(Kinds.EVENT, Defaults::none, BuiltinRules::event, Columns.event());
    builtin(
        Kinds.ENDPOINT_SLICE,
        Defaults::endpointSlice,
        withUpdates(BuiltinRules::endpointSlice, BuiltinRules::endpointSliceUpdate),
        Columns.endpointSlice());
    builtin(Kinds.LEASE, Defaults::none, BuiltinRules::lease, Columns.lease());
    builtin(
        Kinds.DEPLOYMENT,
        Defaults::deployment,
        withUpdates(PodRules::deployment, PodRules::selectorUpdate),
        Columns.deployment());
    builtin(
        Kinds.REPLICA_SET,
        Defaults::replicaSet,
        withUpdates(PodRules::workload, PodRules::selectorUpdate),
        Columns.replicaSet());
    own(Kinds.MODEL_APP, OwnKinds.MODEL_APP, OwnRules::modelApp, Columns.modelApp());
    own(
        Kinds.IMAGE_BUILD,
        OwnKinds.IMAGE_BUILD,
        withUpdates(OwnRules::imageBuild, OwnRules::imageBuildUpdate),
        Columns.imageBuild());
  }

  private Schemas() {}

  public static Optional<KindSchema> of(GroupVersionKind gvk) {
    return Optional.ofNullable(ALL.get(gvk));
  }

  public static KindSchema of(ResourceType type) {
    return of(type.gvk())
        .orElseThrow(() -> new IllegalStateException("no schema for " + type.gvk()));
  }

  /// The type of a pod's spec, for those that patch one.
  public static ObjectType podSpec() {
    return PodParts.POD_SPEC;
  }

  private static void builtin(
      ResourceType type, Consumer<ObjectNode> defaults, Rules rules, List<Column> columns) {
    ObjectType root = BuiltinTable.INSTANCE.type(typeName(type));
    ALL.put(type.gvk(), new KindSchema(type, root, defaults, rules, columns, false));
  }

  private static void own(ResourceType type, ObjectType root, Rules rules, List<Column> columns) {
    ALL.put(type.gvk(), new KindSchema(type, root, Defaults::none, rules, columns, true));
  }

  private static String typeName(ResourceType type) {
    String group = type.gvk().group();
    String first = group.isEmpty() ? "core" : group.substring(0, (group + ".").indexOf('.'));
    return "io.k8s.api." + first + "." + type.gvk().version() + "." + type.kind();
  }

  private interface UpdateRule {
    void check(JsonNode old, JsonNode changed, List<FieldError> errors);
  }

  private static Rules withUpdates(Rules rules, UpdateRule... updates) {
    return new Rules() {
      @Override
      public void check(JsonNode object, List<FieldError> errors) {
        rules.check(object, errors);
      }

      @Override
      public void checkUpdate(JsonNode old, JsonNode changed, List<FieldError> errors) {
        for (UpdateRule update : updates) {
          update.check(old, changed, errors);
        }
      }
    };
  }
}
