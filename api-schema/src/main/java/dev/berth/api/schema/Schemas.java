package dev.berth.api.schema;

import dev.berth.api.GroupVersionKind;
import dev.berth.api.Kinds;
import dev.berth.api.ResourceType;
import dev.berth.api.schema.FieldType.ObjectType;
import java.util.Collection;
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
    builtin(Kinds.SERVICE_ACCOUNT, Defaults::none, Rules.NONE, ClusterColumns.serviceAccount());
    builtin(
        Kinds.JOB,
        WorkloadDefaults::job,
        withUpdates(WorkloadRules::job, WorkloadRules::jobUpdate),
        WorkloadColumns.job());
    builtin(
        Kinds.POD_DISRUPTION_BUDGET,
        Defaults::none,
        WorkloadRules::disruptionBudget,
        WorkloadColumns.disruptionBudget());
    builtin(Kinds.ROLE, Defaults::none, AccessRules::role, ClusterColumns.role());
    builtin(Kinds.CLUSTER_ROLE, Defaults::none, AccessRules::clusterRole, ClusterColumns.role());
    builtin(
        Kinds.ROLE_BINDING,
        AccessRules::bindingDefaults,
        withUpdates(AccessRules::roleBinding, AccessRules::bindingUpdate),
        ClusterColumns.binding());
    builtin(
        Kinds.CLUSTER_ROLE_BINDING,
        AccessRules::bindingDefaults,
        withUpdates(AccessRules::clusterRoleBinding, AccessRules::bindingUpdate),
        ClusterColumns.binding());
    builtin(
        Kinds.CUSTOM_RESOURCE_DEFINITION,
        DefinitionRules::defaults,
        withUpdates(DefinitionRules::check, DefinitionRules::checkUpdate),
        ClusterColumns.definition());
    builtin(
        Kinds.RESOURCE_QUOTA,
        Defaults::none,
        withUpdates(PolicyRules::quota, PolicyRules::quotaUpdate),
        PolicyColumns.quota());
    builtin(
        Kinds.LIMIT_RANGE, PolicyRules::limitDefaults, PolicyRules::limits, PolicyColumns.limits());
    builtin(
        Kinds.PRIORITY_CLASS,
        PolicyRules::priorityDefaults,
        withUpdates(PolicyRules::priority, PolicyRules::priorityUpdate),
        PolicyColumns.priority());
    builtin(
        Kinds.RUNTIME_CLASS,
        Defaults::none,
        withUpdates(PolicyRules::runtime, PolicyRules::runtimeUpdate),
        PolicyColumns.runtime());
    builtin(
        Kinds.CERTIFICATE_SIGNING_REQUEST,
        Defaults::none,
        withUpdates(CertificateRules::check, CertificateRules::update),
        PolicyColumns.certificate());
    network();
    sets();
    storage();
    otherVersions();
    measured();
    for (ResourceType type : Kinds.all()) {
      if (!type.stored()) {
        builtin(type, Defaults::none, Rules.NONE, List.of(Cells.name()));
      }
    }
    own(Kinds.MODEL_APP, OwnKinds.MODEL_APP, OwnRules::modelApp, Columns.modelApp());
    own(
        Kinds.IMAGE_BUILD,
        OwnKinds.IMAGE_BUILD,
        withUpdates(OwnRules::imageBuild, OwnRules::imageBuildUpdate),
        Columns.imageBuild());
    own(Kinds.GIT_REPOSITORY, GitKinds.GIT_REPOSITORY, GitRules::check, Columns.gitRepository());
  }

  private static void network() {
    builtin(Kinds.INGRESS, Defaults::none, NetworkRules::ingress, NetworkColumns.ingress());
    builtin(
        Kinds.INGRESS_CLASS,
        NetworkRules::ingressClassDefaults,
        withUpdates(NetworkRules::ingressClass, NetworkRules::ingressClassUpdate),
        NetworkColumns.ingressClass());
    builtin(
        Kinds.NETWORK_POLICY,
        NetworkRules::policyDefaults,
        NetworkRules::policy,
        NetworkColumns.policy());
    builtin(
        Kinds.ENDPOINTS,
        NetworkRules::endpointsDefaults,
        NetworkRules::endpoints,
        NetworkColumns.endpoints());
  }

  private static void sets() {
    builtin(Kinds.CRON_JOB, TimedRules::cronJobDefaults, TimedRules::cronJob, SetColumns.cronJob());
    builtin(
        Kinds.HORIZONTAL_POD_AUTOSCALER,
        TimedRules::autoscalerDefaults,
        TimedRules::autoscaler,
        SetColumns.autoscaler());
    builtin(
        Kinds.STATEFUL_SET,
        SetRules::statefulDefaults,
        withUpdates(SetRules::stateful, SetRules::statefulUpdate),
        SetColumns.stateful());
    builtin(
        Kinds.DAEMON_SET,
        SetRules::daemonDefaults,
        withUpdates(SetRules::daemon, PodRules::selectorUpdate),
        SetColumns.daemon());
    builtin(
        Kinds.CONTROLLER_REVISION,
        Defaults::none,
        withUpdates(SetRules::revision, SetRules::revisionUpdate),
        SetColumns.revision());
    builtin(
        Kinds.REPLICATION_CONTROLLER,
        SetRules::controllerDefaults,
        SetRules::controller,
        SetColumns.controller());
    builtin(
        Kinds.POD_TEMPLATE,
        SetRules::podTemplateDefaults,
        SetRules::podTemplate,
        SetColumns.podTemplate());
  }

  /// Judged and shown as what they are stored as.
  private static void otherVersions() {
    builtin(
        Kinds.HORIZONTAL_POD_AUTOSCALER_V1,
        TimedRules::olderAutoscalerDefaults,
        TimedRules::autoscaler,
        stored(Kinds.HORIZONTAL_POD_AUTOSCALER_V1, SetColumns.autoscaler()));
    builtin(
        Kinds.GROUPED_EVENT,
        Defaults::none,
        EventRules::grouped,
        stored(Kinds.GROUPED_EVENT, Columns.event()));
  }

  private static void measured() {
    for (ResourceType type : Kinds.measured()) {
      ObjectType root = UsageKinds.of(type);
      List<Column> columns = UsageKinds.columns(type);
      ALL.put(type.gvk(), new KindSchema(type, root, Defaults::none, Rules.NONE, columns, false));
    }
  }

  private static List<Column> stored(ResourceType type, List<Column> columns) {
    return columns.stream()
        .map(
            column ->
                new Column(
                    column.name(),
                    column.type(),
                    column.format(),
                    column.description(),
                    column.priority(),
                    (object, now) ->
                        column.cell(Versions.toStorage(type, (ObjectNode) object), now)))
        .toList();
  }

  private static void storage() {
    builtin(
        Kinds.PERSISTENT_VOLUME,
        StorageRules::volumeDefaults,
        withUpdates(StorageRules::volume, StorageRules::volumeUpdate),
        StorageColumns.volume());
    builtin(
        Kinds.PERSISTENT_VOLUME_CLAIM,
        StorageRules::claimDefaults,
        withUpdates(StorageRules::claim, StorageRules::claimUpdate),
        StorageColumns.claim());
    builtin(
        Kinds.STORAGE_CLASS,
        StorageRules::classDefaults,
        withUpdates(StorageRules::storageClass, StorageRules::storageClassUpdate),
        StorageColumns.storageClass());
    builtin(
        Kinds.VOLUME_ATTRIBUTES_CLASS,
        Defaults::none,
        withUpdates(StorageRules::attributesClass, StorageRules::attributesClassUpdate),
        StorageColumns.attributesClass());
    builtin(
        Kinds.VOLUME_ATTACHMENT,
        Defaults::none,
        withUpdates(StorageRules::attachment, StorageRules::attachmentUpdate),
        StorageColumns.attachment());
    builtin(
        Kinds.CSI_DRIVER,
        StorageRules::driverDefaults,
        withUpdates(StorageRules::driver, StorageRules::driverUpdate),
        StorageColumns.driver());
    builtin(Kinds.CSI_NODE, Defaults::none, StorageRules::node, StorageColumns.node());
    builtin(
        Kinds.CSI_STORAGE_CAPACITY,
        Defaults::none,
        withUpdates(StorageRules::capacity, StorageRules::capacityUpdate),
        StorageColumns.capacity());
  }

  private Schemas() {}

  public static Optional<KindSchema> of(GroupVersionKind gvk) {
    return Optional.ofNullable(ALL.get(gvk));
  }

  public static KindSchema of(ResourceType type) {
    return of(type.gvk())
        .orElseThrow(() -> new IllegalStateException("no schema for " + type.gvk()));
  }

  /// The built-in kinds and our own, in the order of `Kinds`.
  public static Collection<KindSchema> all() {
    return Kinds.all().stream().map(Schemas::of).toList();
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
    if (first.equals("apiextensions")) {
      return "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1." + type.kind();
    }
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
