package dev.berth.api.schema;

import dev.berth.api.schema.FieldType.ListType;
import dev.berth.api.schema.FieldType.ObjectType;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// The part of a pod that this Berth acts on, as types. One definition serves the admission of
/// built-in pods, the fields of a ModelApp that are pod fields, and the documents.
final class PodParts {
  private static final String CORE = "io.k8s.api.core.v1.";

  /// Our own names, because these are parts of the types that Kubernetes names so.
  private static final String NAMES = "dev.berth.v1alpha1.";

  static final ObjectType POD_SPEC = BuiltinTable.INSTANCE.type(CORE + "PodSpec");
  private static final ObjectType CONTAINER = BuiltinTable.INSTANCE.type(CORE + "Container");

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
          Map.of());

  /// What acts; `Honoured` knows the values of the rest that what Berth does anyway meets.
  static final ObjectType SECURITY_CONTEXT =
      Shape.part(
          BuiltinTable.INSTANCE.type(CORE + "SecurityContext"),
          NAMES + "SecurityContext",
          Set.of(
              "runAsUser", "runAsGroup", "runAsNonRoot", "readOnlyRootFilesystem", "capabilities"),
          Map.of());

  /// Nothing of it acts: with one container per pod its own securityContext says all.
  private static final ObjectType POD_SECURITY_CONTEXT =
      Shape.part(
          BuiltinTable.INSTANCE.type(CORE + "PodSecurityContext"),
          NAMES + "PodSecurityContext",
          Set.of(),
          Map.of());

  private static final ObjectType ENV_SOURCE =
      Shape.part(
          BuiltinTable.INSTANCE.type(CORE + "EnvVarSource"),
          NAMES + "EnvVarSource",
          Set.of("fieldRef", "configMapKeyRef", "secretKeyRef"),
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

  static final ObjectType HONOURED_CONTAINER =
      Shape.part(
          CONTAINER,
          NAMES + "Container",
          with(CONTAINER_FIELDS, "image", "command", "args", "env", "ports", "resources"),
          Map.of(
              "env", ENV,
              "ports", Shape.withElement(typeOf(CONTAINER, "ports"), PORT),
              "resources", RESOURCES,
              "livenessProbe", PROBE,
              "readinessProbe", PROBE,
              "startupProbe", PROBE,
              "securityContext", SECURITY_CONTEXT));

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
              "securityContext"),
          Map.of(
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

  private static FieldType typeOf(ObjectType type, String field) {
    return type.field(field).orElseThrow().type();
  }

  private static Set<String> with(Set<String> names, String... more) {
    Set<String> all = new HashSet<>(names);
    all.addAll(Set.of(more));
    return all;
  }
}
