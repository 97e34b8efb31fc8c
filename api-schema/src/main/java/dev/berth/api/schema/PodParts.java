package dev.berth.api.schema;

import dev.berth.api.schema.FieldType.ListType;
import dev.berth.api.schema.FieldType.ObjectType;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The part of a pod that this Berth acts on, as types. One definition serves the admission of
/// built-in pods, the fields of a ModelApp that are pod fields, and the documents.
final class PodParts {
  private static final String CORE = "io.k8s.api.core.v1.";

  /// Our own names, because these are parts of the types that Kubernetes names so.
  private static final String NAMES = "dev.berth.v1alpha1.";

  static final ObjectType POD_SPEC = BuiltinTable.INSTANCE.type(CORE + "PodSpec");
  private static final ObjectType CONTAINER = BuiltinTable.INSTANCE.type(CORE + "Container");

  /// Not `host`: the agent asks the pod alone.
  private static final ObjectType HTTP_GET =
      Shape.part(
          BuiltinTable.INSTANCE.type(CORE + "HTTPGetAction"),
          NAMES + "HTTPGetAction",
          Set.of("path", "port", "scheme", "httpHeaders"),
          Map.of());

  private static final ObjectType TCP_SOCKET =
      Shape.part(
          BuiltinTable.INSTANCE.type(CORE + "TCPSocketAction"),
          NAMES + "TCPSocketAction",
          Set.of("port"),
          Map.of());

  private static final ObjectType HOOK =
      Shape.part(
          BuiltinTable.INSTANCE.type(CORE + "LifecycleHandler"),
          NAMES + "LifecycleHandler",
          Set.of("exec", "httpGet", "tcpSocket", "sleep"),
          Map.of("httpGet", HTTP_GET, "tcpSocket", TCP_SOCKET));

  private static final ObjectType PROBE =
      Shape.part(
          BuiltinTable.INSTANCE.type(CORE + "Probe"),
          NAMES + "Probe",
          Set.of(
              "httpGet",
              "tcpSocket",
              "exec",
              "initialDelaySeconds",
              "periodSeconds",
              "timeoutSeconds",
              "successThreshold",
              "failureThreshold"),
          Map.of("httpGet", HTTP_GET, "tcpSocket", TCP_SOCKET));

  /// What acts; `Honoured` knows the values of the rest that what Berth does anyway meets.
  static final ObjectType SECURITY_CONTEXT =
      Shape.part(
          BuiltinTable.INSTANCE.type(CORE + "SecurityContext"),
          NAMES + "SecurityContext",
          Set.of(
              "runAsUser", "runAsGroup", "runAsNonRoot", "readOnlyRootFilesystem", "capabilities"),
          Map.of());

  static final ObjectType POD_SECURITY_CONTEXT =
      Shape.part(
          BuiltinTable.INSTANCE.type(CORE + "PodSecurityContext"),
          NAMES + "PodSecurityContext",
          Set.of(
              "runAsUser",
              "runAsGroup",
              "runAsNonRoot",
              "fsGroup",
              "supplementalGroups",
              "sysctls"),
          Map.of());

  static final ObjectType EMPTY_DIR = BuiltinTable.INSTANCE.type(CORE + "EmptyDirVolumeSource");

  private static final ObjectType PROJECTION =
      Shape.part(
          BuiltinTable.INSTANCE.type(CORE + "VolumeProjection"),
          NAMES + "VolumeProjection",
          Set.of("configMap", "secret", "downwardAPI", "serviceAccountToken"),
          Map.of());

  private static final ObjectType PROJECTED = projected();

  private static final ObjectType VOLUME =
      Shape.part(
          BuiltinTable.INSTANCE.type(CORE + "Volume"),
          NAMES + "Volume",
          Set.of("name", "emptyDir", "configMap", "secret", "downwardAPI", "projected"),
          Map.of("projected", PROJECTED));

  private static final ObjectType VOLUME_MOUNT =
      Shape.part(
          BuiltinTable.INSTANCE.type(CORE + "VolumeMount"),
          NAMES + "VolumeMount",
          Set.of("name", "mountPath", "readOnly", "subPath", "subPathExpr"),
          Map.of());

  /// Names of the types of which whatever else they hold would change isolation or data.
  static final Set<String> STRICT =
      Stream.of(SECURITY_CONTEXT, POD_SECURITY_CONTEXT, PROJECTION, VOLUME, VOLUME_MOUNT)
          .map(ObjectType::name)
          .collect(Collectors.toUnmodifiableSet());

  private static final ObjectType ENV_SOURCE =
      Shape.part(
          BuiltinTable.INSTANCE.type(CORE + "EnvVarSource"),
          NAMES + "EnvVarSource",
          Set.of("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef"),
          Map.of());

  private static final ObjectType ENV_VAR =
      Shape.part(
          BuiltinTable.INSTANCE.type(CORE + "EnvVar"),
          NAMES + "EnvVar",
          Set.of("name", "value", "valueFrom"),
          Map.of("valueFrom", ENV_SOURCE));

  private static final ObjectType PORT =
      Shape.part(
          BuiltinTable.INSTANCE.type(CORE + "ContainerPort"),
          NAMES + "ContainerPort",
          Set.of("name", "containerPort", "protocol"),
          Map.of());

  private static final ObjectType TOLERATION =
      Shape.part(
          BuiltinTable.INSTANCE.type(CORE + "Toleration"),
          NAMES + "Toleration",
          Set.of("key", "operator", "value", "effect"),
          Map.of());

  static final ObjectType RESOURCES =
      Shape.part(
          BuiltinTable.INSTANCE.type(CORE + "ResourceRequirements"),
          NAMES + "ResourceRequirements",
          Set.of("requests", "limits"),
          Map.of());

  static final ListType ENV = Shape.withElement(typeOf(CONTAINER, "env"), ENV_VAR);
  private static final ListType TOLERATIONS =
      Shape.withElement(typeOf(POD_SPEC, "tolerations"), TOLERATION);

  private static final ObjectType LIFECYCLE =
      Shape.part(
          BuiltinTable.INSTANCE.type(CORE + "Lifecycle"),
          NAMES + "Lifecycle",
          Set.of("postStart", "preStop"),
          Map.of("postStart", HOOK, "preStop", HOOK));

  private static final Set<String> CONTAINER_FIELDS =
      Set.of(
          "name",
          "workingDir",
          "envFrom",
          "livenessProbe",
          "readinessProbe",
          "startupProbe",
          "securityContext");

  private static final Map<String, FieldType> PROBES =
      Map.of("livenessProbe", PROBE, "readinessProbe", PROBE, "startupProbe", PROBE);

  private static final Map<String, FieldType> CONTAINER_PARTS =
      Map.of(
          "env", ENV,
          "volumeMounts", Shape.withElement(typeOf(CONTAINER, "volumeMounts"), VOLUME_MOUNT),
          "ports", Shape.withElement(typeOf(CONTAINER, "ports"), PORT),
          "resources", RESOURCES,
          "livenessProbe", PROBE,
          "readinessProbe", PROBE,
          "startupProbe", PROBE,
          "lifecycle", LIFECYCLE,
          "securityContext", SECURITY_CONTEXT);

  private static final Set<String> RUNNABLE =
      with(
          CONTAINER_FIELDS,
          "image",
          "command",
          "args",
          "env",
          "ports",
          "resources",
          "volumeMounts",
          "lifecycle",
          "terminationMessagePath",
          "stdin",
          "stdinOnce",
          "tty");

  static final ObjectType HONOURED_CONTAINER =
      Shape.part(CONTAINER, NAMES + "Container", RUNNABLE, CONTAINER_PARTS);

  /// One that always restarts runs beside the others: a sidecar.
  private static final ObjectType INIT_CONTAINER =
      Shape.part(
          CONTAINER, NAMES + "InitContainer", with(RUNNABLE, "restartPolicy"), CONTAINER_PARTS);

  /// What a podTemplate may say about its one container; the rest has fields of its own in the
  /// ModelApp. Its securityContext is known whole, so that `Honoured` can say what to do instead.
  private static final ObjectType TEMPLATE_CONTAINER =
      Shape.part(
          CONTAINER,
          NAMES + "TemplateContainer",
          with(CONTAINER_FIELDS, "imagePullPolicy"),
          PROBES);

  static final ObjectType HONOURED_POD_SPEC =
      Shape.part(
          POD_SPEC,
          NAMES + "PodSpec",
          Set.of(
              "containers",
              "restartPolicy",
              "terminationGracePeriodSeconds",
              "nodeSelector",
              "tolerations",
              "nodeName",
              "hostname",
              "volumes",
              "activeDeadlineSeconds",
              "initContainers",
              "hostAliases",
              "priority",
              "priorityClassName",
              "securityContext"),
          Map.of(
              "initContainers",
              Shape.withElement(typeOf(POD_SPEC, "initContainers"), INIT_CONTAINER),
              "volumes",
              Shape.withElement(typeOf(POD_SPEC, "volumes"), VOLUME),
              "securityContext",
              POD_SECURITY_CONTEXT,
              "containers",
              Shape.withElement(typeOf(POD_SPEC, "containers"), HONOURED_CONTAINER),
              "tolerations",
              TOLERATIONS));

  /// The `podTemplate` of a ModelApp's component.
  static final ObjectType POD_TEMPLATE =
      Shape.part(
          POD_SPEC,
          NAMES + "PodTemplate",
          Set.of(
              "containers",
              "terminationGracePeriodSeconds",
              "nodeSelector",
              "tolerations",
              "nodeName"),
          Map.of(
              "containers",
              Shape.withElement(typeOf(POD_SPEC, "containers"), TEMPLATE_CONTAINER),
              "tolerations",
              TOLERATIONS));

  private PodParts() {}

  private static ObjectType projected() {
    ObjectType whole = BuiltinTable.INSTANCE.type(CORE + "ProjectedVolumeSource");
    return Shape.part(
        whole,
        NAMES + "ProjectedVolumeSource",
        Set.of("sources", "defaultMode"),
        Map.of("sources", Shape.withElement(typeOf(whole, "sources"), PROJECTION)));
  }

  private static FieldType typeOf(ObjectType type, String field) {
    return type.field(field).orElseThrow().type();
  }

  private static Set<String> with(Set<String> names, String... more) {
    Set<String> all = new HashSet<>(names);
    all.addAll(Set.of(more));
    return all;
  }
}
