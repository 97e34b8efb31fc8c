package dev.berth.api;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// The kinds that this Berth serves. Everything that enumerates kinds (discovery, OpenAPI, storage,
/// `berth get`) reads this list.
public final class Kinds {
  public static final String BERTH_GROUP = "berth.dev";

  public static final ResourceType NAMESPACE =
      cluster("", "v1", "Namespace", "namespaces", List.of("ns"), "status", "finalize");
  public static final ResourceType NODE =
      cluster("", "v1", "Node", "nodes", List.of("no"), "status");
  public static final ResourceType POD =
      inNamespace(
          "", "v1", "Pod", "pods", List.of("po"), List.of("all"), "status", "log", "binding");
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
          MODEL_APP,
          IMAGE_BUILD);

  private Kinds() {}

  public static List<ResourceType> all() {
    return ALL;
  }

  public static Optional<ResourceType> byKind(GroupVersionKind gvk) {
    return ALL.stream().filter(type -> type.gvk().equals(gvk)).findFirst();
  }

  public static Optional<ResourceType> byPlural(String group, String version, String plural) {
    return ALL.stream()
        .filter(
            type ->
                type.plural().equals(plural)
                    && type.gvk().group().equals(group)
                    && type.gvk().version().equals(version))
        .findFirst();
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
    return new ResourceType(
        new GroupVersionKind(group, version, kind),
        plural,
        kind.toLowerCase(Locale.ROOT),
        false,
        shortNames,
        List.of(),
        Set.of(subresources));
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
