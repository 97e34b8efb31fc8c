package dev.berth.api.schema;

import dev.berth.api.Json;
import dev.berth.api.schema.FieldType.ListType;
import dev.berth.api.schema.FieldType.ObjectType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Which part of a pod (or pod template) this Berth acts on. What it does not act on is either said
/// (`warnings`: the field is stored and has no effect yet) or refused (`errors`: it would change
/// isolation or data). A field at its empty or default value asks for nothing and passes.
public record Honoured(List<FieldError> errors, List<String> warnings) {
  private static final String NOT_YET = "is not honoured yet and would change isolation or data: ";
  private static final String CONTAINER = "set it in the container's securityContext";

  /// What to do instead, where it is more than removing the field.
  private static final Map<String, String> FIXES =
      Map.of(
          "runAsUser", CONTAINER,
          "runAsGroup", CONTAINER,
          "runAsNonRoot", CONTAINER,
          "privileged", "remove it; a root container has the usual capabilities anyway",
          "allowPrivilegeEscalation", "set it to false, which holds for every container here",
          "seccompProfile", "set type: RuntimeDefault, which holds for every container here",
          "resourceFieldRef", "write the value itself");

  /// By the name of the field, wherever it is in a pod.
  private static final Set<String> REFUSED =
      Set.of(
          "volumes",
          "volumeMounts",
          "volumeDevices",
          "initContainers",
          "ephemeralContainers",
          "runtimeClassName",
          "shareProcessNamespace",
          "resourceClaims",
          "hostNetwork",
          "hostPID",
          "hostIPC",
          "hostUsers",
          "hostAliases",
          "hostPort",
          "hostIP",
          "privileged",
          "procMount",
          "seLinuxOptions",
          "seccompProfile",
          "appArmorProfile",
          "windowsOptions",
          "grpc",
          "resourceFieldRef",
          "fileKeyRef");

  /// The values that what Berth does anyway meets, and those that Kubernetes fills in. The message
  /// of a failed container is the end of its log, whatever `terminationMessagePolicy` says.
  private static final Map<String, Set<String>> MET =
      Map.ofEntries(
          Map.entry("dnsPolicy", Set.of("ClusterFirst")),
          Map.entry("schedulerName", Set.of("default-scheduler")),
          Map.entry("enableServiceLinks", Set.of("true", "false")),
          Map.entry("automountServiceAccountToken", Set.of("false")),
          Map.entry("serviceAccountName", Set.of("default")),
          Map.entry("serviceAccount", Set.of("default")),
          Map.entry("preemptionPolicy", Set.of("PreemptLowerPriority")),
          Map.entry("priority", Set.of("0")),
          Map.entry("hostUsers", Set.of("true")),
          Map.entry("procMount", Set.of("Default")),
          Map.entry("imagePullPolicy", Set.of("Always", "IfNotPresent")),
          Map.entry("terminationMessagePath", Set.of("/dev/termination-log")),
          Map.entry("terminationMessagePolicy", Set.of("File", "FallbackToLogsOnError")));

  public Honoured {
    errors = List.copyOf(errors);
    warnings = List.copyOf(warnings);
  }

  /// Takes a Pod, or anything with `spec.template` (Deployment, ReplicaSet); paths are those of the
  /// object given.
  public static Honoured check(ObjectNode podOrWorkload) {
    JsonNode template = Json.at(podOrWorkload, "spec", "template");
    JsonNode spec = template.isObject() ? template.path("spec") : podOrWorkload.path("spec");
    Walk walk = new Walk();
    walk.object(
        spec, PodParts.HONOURED_POD_SPEC, template.isObject() ? "spec.template.spec" : "spec");
    return new Honoured(walk.errors, walk.warnings);
  }

  /// What a podTemplate's container asks for in vain; `path` is where it is.
  static List<FieldError> refusedIn(JsonNode securityContext, String path) {
    Walk walk = new Walk();
    walk.value(securityContext, PodParts.SECURITY_CONTEXT, path);
    return walk.errors;
  }

  private static final class Walk {
    private final List<FieldError> errors = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    private void object(JsonNode node, ObjectType honoured, String path) {
      for (Map.Entry<String, JsonNode> entry : node.properties()) {
        String child = path + "." + entry.getKey();
        Field field = honoured.fields().get(entry.getKey());
        if (field == null) {
          other(entry.getKey(), entry.getValue(), child);
        } else {
          value(entry.getValue(), field.type(), child);
        }
      }
    }

    private void value(JsonNode node, FieldType type, String path) {
      if (type instanceof ObjectType object) {
        object(node, object, path);
        if (object.equals(PodParts.RESOURCES)) {
          ContainerRules.otherResources(node, path)
              .forEach(field -> warnings.add(field + ": stored, but not honoured yet"));
        }
        if (object.equals(PodParts.SECURITY_CONTEXT)) {
          SecurityRules.check(node, path, errors);
        }
      } else if (type instanceof ListType list && list.element() instanceof ObjectType element) {
        for (int i = 0; i < node.size(); i++) {
          object(node.path(i), element, path + "[" + i + "]");
        }
      }
    }

    private void other(String name, JsonNode value, String path) {
      if (saysNothing(name, value)) {
        return;
      }
      // Whatever a securityContext holds would change isolation.
      if (REFUSED.contains(name) || path.contains(".securityContext.")) {
        errors.add(FieldError.forbidden(path, NOT_YET + FIXES.getOrDefault(name, "remove it")));
      } else {
        warnings.add(path + ": stored, but not honoured yet");
      }
    }

    private static boolean saysNothing(String name, JsonNode value) {
      boolean off = value.isBoolean() && !value.booleanValue() && !name.equals("hostUsers");
      boolean met =
          MET.getOrDefault(name, Set.of()).contains(value.asString(""))
              || (name.equals("seccompProfile")
                  && Json.text(value, "type").equals("RuntimeDefault"));
      return Json.isEmpty(value) || off || met;
    }
  }
}
