package dev.berth.api;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The kinds that this Berth serves. Everything that enumerates kinds (discovery, OpenAPI, storage,
/// `berth get`) reads this list.
public final class Kinds {
  public static final String BERTH_GROUP = "berth.dev";
  private static final String RBAC_GROUP = "rbac.authorization.k8s.io";
  private static final String AUTHENTICATION_GROUP = "authentication.k8s.io";
  private static final String AUTHORIZATION_GROUP = "authorization.k8s.io";
  private static final String NETWORKING_GROUP = "networking.k8s.io";
  private static final String STORAGE_GROUP = "storage.k8s.io";

  public static final ResourceType NAMESPACE =
      cluster("", "v1", "Namespace", "namespaces", List.of("ns"), "status", "finalize");
  public static final ResourceType NODE =
      cluster("", "v1", "Node", "nodes", List.of("no"), "status");
  public static final ResourceType POD =
      inNamespace(
          "",
          "v1",
          "Pod",
          "pods",
          List.of("po"),
          List.of("all"),
          "status",
          "log",
          "binding",
          "eviction",
          "exec",
          "attach",
          "portforward");
  public static final ResourceType SERVICE =
      inNamespace("", "v1", "Service", "services", List.of("svc"), List.of("all"), "status");
  public static final ResourceType CONFIG_MAP =
      inNamespace("", "v1", "ConfigMap", "configmaps", List.of("cm"), List.of());
  public static final ResourceType SECRET =
      inNamespace("", "v1", "Secret", "secrets", List.of(), List.of());
  public static final ResourceType EVENT =
      inNamespace("", "v1", "Event", "events", List.of("ev"), List.of());
  public static final ResourceType ENDPOINT_SLICE =
      inNamespace(
          "discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", List.of(), List.of());
  public static final ResourceType LEASE =
      inNamespace("coordination.k8s.io", "v1", "Lease", "leases", List.of(), List.of());
  public static final ResourceType DEPLOYMENT =
      inNamespace(
          "apps",
          "v1",
          "Deployment",
          "deployments",
          List.of("deploy"),
          List.of("all"),
          "status",
          "scale");
  public static final ResourceType REPLICA_SET =
      inNamespace(
          "apps",
          "v1",
          "ReplicaSet",
          "replicasets",
          List.of("rs"),
          List.of("all"),
          "status",
          "scale");
  public static final ResourceType MODEL_APP =
      inNamespace(
          BERTH_GROUP,
          "v1alpha1",
          "ModelApp",
          "modelapps",
          List.of("mapp"),
          List.of("all", "berth"),
          "status",
          "call");
  public static final ResourceType IMAGE_BUILD =
      inNamespace(
          BERTH_GROUP,
          "v1alpha1",
          "ImageBuild",
          "imagebuilds",
          List.of("ib"),
          List.of("berth"),
          "status",
          "log");
  public static final ResourceType GIT_REPOSITORY =
      inNamespace(
          BERTH_GROUP,
          "v1alpha1",
          "GitRepository",
          "gitrepositories",
          List.of("gitrepo"),
          List.of("berth"),
          "status");

  public static final ResourceType SERVICE_ACCOUNT =
      inNamespace("", "v1", "ServiceAccount", "serviceaccounts", List.of("sa"), List.of(), "token");
  public static final ResourceType JOB =
      inNamespace("batch", "v1", "Job", "jobs", List.of(), List.of("all"), "status");
  public static final ResourceType POD_DISRUPTION_BUDGET =
      inNamespace(
          "policy",
          "v1",
          "PodDisruptionBudget",
          "poddisruptionbudgets",
          List.of("pdb"),
          List.of(),
          "status");
  public static final ResourceType ROLE =
      inNamespace(RBAC_GROUP, "v1", "Role", "roles", List.of(), List.of());
  public static final ResourceType ROLE_BINDING =
      inNamespace(RBAC_GROUP, "v1", "RoleBinding", "rolebindings", List.of(), List.of());
  public static final ResourceType CLUSTER_ROLE =
      cluster(RBAC_GROUP, "v1", "ClusterRole", "clusterroles", List.of());
  public static final ResourceType CLUSTER_ROLE_BINDING =
      cluster(RBAC_GROUP, "v1", "ClusterRoleBinding", "clusterrolebindings", List.of());
  public static final ResourceType CUSTOM_RESOURCE_DEFINITION =
      cluster(
          "apiextensions.k8s.io",
          "v1",
          "CustomResourceDefinition",
          "customresourcedefinitions",
          List.of("crd", "crds"),
          List.of("api-extensions"),
          "status");

  public static final ResourceType RESOURCE_QUOTA =
      inNamespace(
          "", "v1", "ResourceQuota", "resourcequotas", List.of("quota"), List.of(), "status");
  public static final ResourceType LIMIT_RANGE =
      inNamespace("", "v1", "LimitRange", "limitranges", List.of("limits"), List.of());
  public static final ResourceType PRIORITY_CLASS =
      cluster("scheduling.k8s.io", "v1", "PriorityClass", "priorityclasses", List.of("pc"));
  public static final ResourceType INGRESS =
      inNamespace(
          NETWORKING_GROUP, "v1", "Ingress", "ingresses", List.of("ing"), List.of(), "status");
  public static final ResourceType INGRESS_CLASS =
      cluster(NETWORKING_GROUP, "v1", "IngressClass", "ingressclasses", List.of());
  public static final ResourceType NETWORK_POLICY =
      inNamespace(
          NETWORKING_GROUP, "v1", "NetworkPolicy", "networkpolicies", List.of("netpol"), List.of());
  public static final ResourceType ENDPOINTS =
      inNamespace("", "v1", "Endpoints", "endpoints", List.of("ep"), List.of());
  public static final ResourceType CRON_JOB =
      inNamespace("batch", "v1", "CronJob", "cronjobs", List.of("cj"), List.of("all"), "status");
  public static final ResourceType HORIZONTAL_POD_AUTOSCALER =
      inNamespace(
          "autoscaling",
          "v2",
          "HorizontalPodAutoscaler",
          "horizontalpodautoscalers",
          List.of("hpa"),
          List.of("all"),
          "status");
  public static final ResourceType STATEFUL_SET =
      inNamespace(
          "apps",
          "v1",
          "StatefulSet",
          "statefulsets",
          List.of("sts"),
          List.of("all"),
          "status",
          "scale");
  public static final ResourceType DAEMON_SET =
      inNamespace("apps", "v1", "DaemonSet", "daemonsets", List.of("ds"), List.of("all"), "status");
  public static final ResourceType CONTROLLER_REVISION =
      inNamespace("apps", "v1", "ControllerRevision", "controllerrevisions", List.of(), List.of());
  public static final ResourceType REPLICATION_CONTROLLER =
      inNamespace(
          "",
          "v1",
          "ReplicationController",
          "replicationcontrollers",
          List.of("rc"),
          List.of("all"),
          "status",
          "scale");
  public static final ResourceType POD_TEMPLATE =
      inNamespace("", "v1", "PodTemplate", "podtemplates", List.of(), List.of());
  public static final ResourceType PERSISTENT_VOLUME =
      cluster("", "v1", "PersistentVolume", "persistentvolumes", List.of("pv"), "status");
  public static final ResourceType PERSISTENT_VOLUME_CLAIM =
      inNamespace(
          "",
          "v1",
          "PersistentVolumeClaim",
          "persistentvolumeclaims",
          List.of("pvc"),
          List.of(),
          "status");
  public static final ResourceType STORAGE_CLASS =
      cluster(STORAGE_GROUP, "v1", "StorageClass", "storageclasses", List.of("sc"));
  public static final ResourceType VOLUME_ATTACHMENT =
      cluster(STORAGE_GROUP, "v1", "VolumeAttachment", "volumeattachments", List.of(), "status");
  public static final ResourceType CSI_DRIVER =
      cluster(STORAGE_GROUP, "v1", "CSIDriver", "csidrivers", List.of());
  public static final ResourceType CSI_NODE =
      cluster(STORAGE_GROUP, "v1", "CSINode", "csinodes", List.of());
  public static final ResourceType CSI_STORAGE_CAPACITY =
      inNamespace(
          STORAGE_GROUP, "v1", "CSIStorageCapacity", "csistoragecapacities", List.of(), List.of());
  public static final ResourceType VOLUME_ATTRIBUTES_CLASS =
      cluster(
          STORAGE_GROUP, "v1", "VolumeAttributesClass", "volumeattributesclasses", List.of("vac"));
  public static final ResourceType CERTIFICATE_SIGNING_REQUEST =
      cluster(
          "certificates.k8s.io",
          "v1",
          "CertificateSigningRequest",
          "certificatesigningrequests",
          List.of("csr"),
          "status",
          "approval");
  public static final ResourceType RUNTIME_CLASS =
      cluster("node.k8s.io", "v1", "RuntimeClass", "runtimeclasses", List.of());

  /// An older version of [#HORIZONTAL_POD_AUTOSCALER].
  public static final ResourceType HORIZONTAL_POD_AUTOSCALER_V1 =
      inNamespace(
          "autoscaling",
          "v1",
          "HorizontalPodAutoscaler",
          "horizontalpodautoscalers",
          List.of("hpa"),
          List.of("all"),
          "status");

  /// A newer version of [#EVENT], in a group of its own.
  public static final ResourceType GROUPED_EVENT =
      inNamespace("events.k8s.io", "v1", "Event", "events", List.of("ev"), List.of());

  /// What a node, or a pod, uses now: asked of the agents, stored nowhere.
  public static final ResourceType NODE_METRICS =
      measured("NodeMetrics", "nodes", "nodemetrics", false);

  public static final ResourceType POD_METRICS = measured("PodMetrics", "pods", "podmetrics", true);

  public static final ResourceType TOKEN_REVIEW =
      review(AUTHENTICATION_GROUP, "TokenReview", "tokenreviews", false);
  public static final ResourceType SELF_SUBJECT_REVIEW =
      review(AUTHENTICATION_GROUP, "SelfSubjectReview", "selfsubjectreviews", false);
  public static final ResourceType SUBJECT_ACCESS_REVIEW =
      review(AUTHORIZATION_GROUP, "SubjectAccessReview", "subjectaccessreviews", false);
  public static final ResourceType LOCAL_SUBJECT_ACCESS_REVIEW =
      review(AUTHORIZATION_GROUP, "LocalSubjectAccessReview", "localsubjectaccessreviews", true);
  public static final ResourceType SELF_SUBJECT_ACCESS_REVIEW =
      review(AUTHORIZATION_GROUP, "SelfSubjectAccessReview", "selfsubjectaccessreviews", false);
  public static final ResourceType SELF_SUBJECT_RULES_REVIEW =
      review(AUTHORIZATION_GROUP, "SelfSubjectRulesReview", "selfsubjectrulesreviews", false);

  private static final List<ResourceType> ALL =
      List.of(
          NAMESPACE,
          NODE,
          POD,
          SERVICE,
          CONFIG_MAP,
          SECRET,
          EVENT,
          ENDPOINT_SLICE,
          LEASE,
          DEPLOYMENT,
          REPLICA_SET,
          SERVICE_ACCOUNT,
          JOB,
          POD_DISRUPTION_BUDGET,
          ROLE,
          ROLE_BINDING,
          CLUSTER_ROLE,
          CLUSTER_ROLE_BINDING,
          CUSTOM_RESOURCE_DEFINITION,
          RESOURCE_QUOTA,
          LIMIT_RANGE,
          PRIORITY_CLASS,
          INGRESS,
          INGRESS_CLASS,
          NETWORK_POLICY,
          ENDPOINTS,
          CRON_JOB,
          HORIZONTAL_POD_AUTOSCALER,
          STATEFUL_SET,
          DAEMON_SET,
          CONTROLLER_REVISION,
          REPLICATION_CONTROLLER,
          POD_TEMPLATE,
          PERSISTENT_VOLUME,
          PERSISTENT_VOLUME_CLAIM,
          STORAGE_CLASS,
          VOLUME_ATTACHMENT,
          CSI_DRIVER,
          CSI_NODE,
          CSI_STORAGE_CAPACITY,
          VOLUME_ATTRIBUTES_CLASS,
          CERTIFICATE_SIGNING_REQUEST,
          RUNTIME_CLASS,
          TOKEN_REVIEW,
          SELF_SUBJECT_REVIEW,
          SUBJECT_ACCESS_REVIEW,
          LOCAL_SUBJECT_ACCESS_REVIEW,
          SELF_SUBJECT_ACCESS_REVIEW,
          SELF_SUBJECT_RULES_REVIEW,
          MODEL_APP,
          IMAGE_BUILD,
          GIT_REPOSITORY);

  /// Each request's path is looked up here.
  private static final Map<Plural, ResourceType> BY_PLURAL =
      ALL.stream()
          .collect(
              Collectors.toUnmodifiableMap(
                  type -> new Plural(type.gvk().group(), type.gvk().version(), type.plural()),
                  type -> type));

  private record Plural(String group, String version, String plural) {}

  private static final List<ResourceType> OTHER_VERSIONS =
      List.of(HORIZONTAL_POD_AUTOSCALER_V1, GROUPED_EVENT);

  private static final List<ResourceType> MEASURED = List.of(NODE_METRICS, POD_METRICS);

  /// What does not happen yet although the kind is stored and served.
  private static final Map<ResourceType, String> AWAITED =
      Map.ofEntries(
          Map.entry(
              PRIORITY_CLASS, "pods that wait are placed in its order, but none is evicted for it"),
          Map.entry(INGRESS, "nothing serves its hosts and paths yet"),
          Map.entry(NETWORK_POLICY, "no traffic is filtered yet: every pod reaches every other"),
          Map.entry(
              ENDPOINTS,
              "no traffic goes to what is written here: write an EndpointSlice of the service"),
          Map.entry(CRON_JOB, "nothing starts its jobs yet"),
          Map.entry(HORIZONTAL_POD_AUTOSCALER, "nothing scales by it yet"),
          Map.entry(STATEFUL_SET, "nothing makes its pods yet"),
          Map.entry(DAEMON_SET, "nothing makes its pods yet"),
          Map.entry(REPLICATION_CONTROLLER, "nothing makes its pods yet"),
          Map.entry(PERSISTENT_VOLUME, "no claim is bound to a volume yet"),
          Map.entry(PERSISTENT_VOLUME_CLAIM, "no claim is bound to a volume yet"),
          Map.entry(STORAGE_CLASS, "nothing provides volumes yet"),
          Map.entry(VOLUME_ATTACHMENT, "nothing attaches volumes yet"),
          Map.entry(CERTIFICATE_SIGNING_REQUEST, "nothing signs certificates yet"),
          Map.entry(RUNTIME_CLASS, "no pod can ask for another runtime yet"));

  private Kinds() {}

  public static List<ResourceType> all() {
    return ALL;
  }

  /// Other versions of kinds of [#all], not among them: their objects are stored as those
  /// (`dev.berth.api.schema.Versions`).
  public static List<ResourceType> otherVersions() {
    return OTHER_VERSIONS;
  }

  /// Kinds of which nothing is stored and nothing can be written, not among [#all]: they are got
  /// and listed only.
  public static List<ResourceType> measured() {
    return MEASURED;
  }

  /// Why an object of this kind has no effect yet, for the warning of whoever creates one; empty
  /// where something acts on it, or where there is nothing to act on.
  public static Optional<String> awaitsReconciler(ResourceType type) {
    return Optional.ofNullable(AWAITED.get(type));
  }

  public static Optional<ResourceType> byKind(GroupVersionKind gvk) {
    return ALL.stream().filter(type -> type.gvk().equals(gvk)).findFirst();
  }

  public static Optional<ResourceType> byPlural(String group, String version, String plural) {
    return Optional.ofNullable(BY_PLURAL.get(new Plural(group, version, plural)));
  }

  /// Finds the kind that a user means: `pods`, `pod`, `po`, `Pod`, `deploy.apps`,
  /// `modelapps.v1alpha1.berth.dev`.
  public static Optional<ResourceType> byName(String userWord) {
    String word = userWord.toLowerCase(Locale.ROOT);
    int dot = word.indexOf('.');
    String name = dot < 0 ? word : word.substring(0, dot);
    String rest = dot < 0 ? "" : word.substring(dot + 1);
    return ALL.stream()
        .filter(type -> isCalled(type, name) && (dot < 0 || isIn(type, rest)))
        .findFirst();
  }

  private static boolean isCalled(ResourceType type, String name) {
    return type.plural().equals(name)
        || type.singular().equals(name)
        || type.shortNames().contains(name);
  }

  private static boolean isIn(ResourceType type, String groupOrVersionAndGroup) {
    String group = type.gvk().group();
    String version = type.gvk().version();
    return groupOrVersionAndGroup.equals(group)
        || groupOrVersionAndGroup.equals(group.isEmpty() ? version : version + "." + group);
  }

  private static ResourceType cluster(
      String group,
      String version,
      String kind,
      String plural,
      List<String> shortNames,
      String... subresources) {
    return cluster(group, version, kind, plural, shortNames, List.of(), subresources);
  }

  private static ResourceType cluster(
      String group,
      String version,
      String kind,
      String plural,
      List<String> shortNames,
      List<String> categories,
      String... subresources) {
    return new ResourceType(
        new GroupVersionKind(group, version, kind),
        plural,
        kind.toLowerCase(Locale.ROOT),
        false,
        shortNames,
        categories,
        Set.of(subresources));
  }

  private static ResourceType review(String group, String kind, String plural, boolean namespaced) {
    return new ResourceType(
        new GroupVersionKind(group, "v1", kind),
        plural,
        kind.toLowerCase(Locale.ROOT),
        namespaced,
        List.of(),
        List.of(),
        Set.of(),
        false);
  }

  private static ResourceType measured(
      String kind, String plural, String singular, boolean namespaced) {
    return new ResourceType(
        new GroupVersionKind("metrics.k8s.io", "v1beta1", kind),
        plural,
        singular,
        namespaced,
        List.of(),
        List.of(),
        Set.of(),
        false);
  }

  private static ResourceType inNamespace(
      String group,
      String version,
      String kind,
      String plural,
      List<String> shortNames,
      List<String> categories,
      String... subresources) {
    return new ResourceType(
        new GroupVersionKind(group, version, kind),
        plural,
        kind.toLowerCase(Locale.ROOT),
        true,
        shortNames,
        categories,
        Set.of(subresources));
  }
}
