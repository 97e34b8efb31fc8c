package dev.berth.api.codec;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.kubernetes.client.proto.Meta;
import io.kubernetes.client.proto.V1;
import io.kubernetes.client.proto.V1Apiextensions;
import io.kubernetes.client.proto.V1Apps;
import io.kubernetes.client.proto.V1Authentication;
import io.kubernetes.client.proto.V1Authorization;
import io.kubernetes.client.proto.V1Autoscaling;
import io.kubernetes.client.proto.V1Batch;
import io.kubernetes.client.proto.V1Certificates;
import io.kubernetes.client.proto.V1Coordination;
import io.kubernetes.client.proto.V1Discovery;
import io.kubernetes.client.proto.V1Events;
import io.kubernetes.client.proto.V1Networking;
import io.kubernetes.client.proto.V1Node;
import io.kubernetes.client.proto.V1Policy;
import io.kubernetes.client.proto.V1Rbac;
import io.kubernetes.client.proto.V1Scheduling;
import io.kubernetes.client.proto.V1Storage;
import io.kubernetes.client.proto.V2Autoscaling;
import java.util.List;
import java.util.stream.Stream;

/// The messages that a request may bring: kinds that are served, and bodies of other requests.
public final class ProtobufRoots {
  private ProtobufRoots() {}

  public static List<Descriptor> all() {
    return Stream.of(
            named(
                V1.getDescriptor(),
                "Binding",
                "ConfigMap",
                "Endpoints",
                "Event",
                "LimitRange",
                "Namespace",
                "Node",
                "PersistentVolume",
                "PersistentVolumeClaim",
                "Pod",
                "PodTemplate",
                "ReplicationController",
                "ResourceQuota",
                "Secret",
                "Service",
                "ServiceAccount"),
            named(
                V1Apps.getDescriptor(),
                "ControllerRevision",
                "DaemonSet",
                "Deployment",
                "ReplicaSet",
                "StatefulSet"),
            named(V1Batch.getDescriptor(), "CronJob", "Job"),
            named(V1Autoscaling.getDescriptor(), "HorizontalPodAutoscaler", "Scale"),
            named(V2Autoscaling.getDescriptor(), "HorizontalPodAutoscaler"),
            named(V1Policy.getDescriptor(), "Eviction", "PodDisruptionBudget"),
            named(V1Networking.getDescriptor(), "Ingress", "IngressClass", "NetworkPolicy"),
            named(
                V1Rbac.getDescriptor(), "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"),
            named(
                V1Storage.getDescriptor(),
                "CSIDriver",
                "CSINode",
                "CSIStorageCapacity",
                "StorageClass",
                "VolumeAttachment",
                "VolumeAttributesClass"),
            named(V1Node.getDescriptor(), "RuntimeClass"),
            named(V1Scheduling.getDescriptor(), "PriorityClass"),
            named(V1Certificates.getDescriptor(), "CertificateSigningRequest"),
            named(V1Coordination.getDescriptor(), "Lease"),
            named(V1Discovery.getDescriptor(), "EndpointSlice"),
            named(V1Events.getDescriptor(), "Event"),
            named(
                V1Authentication.getDescriptor(),
                "SelfSubjectReview",
                "TokenRequest",
                "TokenReview"),
            named(
                V1Authorization.getDescriptor(),
                "LocalSubjectAccessReview",
                "SelfSubjectAccessReview",
                "SelfSubjectRulesReview",
                "SubjectAccessReview"),
            named(V1Apiextensions.getDescriptor(), "CustomResourceDefinition"),
            named(
                Meta.getDescriptor(),
                "CreateOptions",
                "DeleteOptions",
                "PatchOptions",
                "Status",
                "UpdateOptions"))
        .flatMap(stream -> stream)
        .toList();
  }

  private static Stream<Descriptor> named(FileDescriptor file, String... names) {
    return Stream.of(names)
        .map(
            name -> {
              Descriptor message = file.findMessageTypeByName(name);
              if (message == null) {
                throw new AssertionError(file.getName() + " has no " + name);
              }
              return message;
            });
  }

  /// The last three parts: group, version, name.
  public static String shortName(Descriptor message) {
    String[] parts = message.getFullName().split("\\.", -1);
    return String.join(".", List.of(parts).subList(parts.length - 3, parts.length));
  }

  /// The field's name in JSON; two messages spell it another way.
  public static String jsonName(FieldDescriptor field) {
    return switch (field.getName()) {
      case "uID" -> "uid";
      case "aPIGroup" -> "apiGroup";
      default -> field.getName();
    };
  }
}
