package dev.berth.gitops.sync;

import java.util.Comparator;
import java.util.List;

/// In which order objects of one wave are written: what others need comes first. Deleted is in the
/// reverse.
final class Order {
  private static final List<String> FIRST =
      List.of(
          "Namespace",
          "CustomResourceDefinition",
          "PriorityClass",
          "StorageClass",
          "ResourceQuota",
          "LimitRange",
          "NetworkPolicy",
          "ServiceAccount",
          "ClusterRole",
          "ClusterRoleBinding",
          "Role",
          "RoleBinding",
          "Secret",
          "ConfigMap",
          "PersistentVolume",
          "PersistentVolumeClaim",
          "Service");
  private static final List<String> LAST =
      List.of("HorizontalPodAutoscaler", "PodDisruptionBudget", "Ingress", "GitRepository");

  static final Comparator<Wanted> APPLY =
      Comparator.comparingInt(Wanted::wave)
          .thenComparingInt(wanted -> rank(wanted.ref().kind()))
          .thenComparing(Wanted::ref);

  private Order() {}

  static int rank(String kind) {
    int first = FIRST.indexOf(kind);
    if (first >= 0) {
      return first;
    }
    return 100 + LAST.indexOf(kind);
  }
}
