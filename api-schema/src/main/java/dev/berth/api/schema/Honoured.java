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
  private static final String NOT_YET =
      "is not honoured yet and would change isolation or data: remove it";

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
          "fileKeyRef");

  /// What a field says when it says nothing new.
  private static final Map<String, Set<String>> DEFAULTS =
      Map.of(
          "dnsPolicy", Set.of("ClusterFirst"),
          "schedulerName", Set.of("default-scheduler"),
          "enableServiceLinks", Set.of("true", "false"),
          "automountServiceAccountToken", Set.of("false"),
          "serviceAccountName", Set.of("default"),
          "serviceAccount", Set.of("default"),
          "preemptionPolicy", Set.of("PreemptLowerPriority"),
          "priority", Set.of("0"),
          "hostUsers", Set.of("true"),
          "procMount", Set.of("Default"));

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
      // The pod's own securityContext is empty by default; anything in it would change isolation.
      boolean refused =
          REFUSED.contains(name)
              || name.equals("securityContext")
              || (path.contains("ecurityContext.") && !path.contains("podTemplate"));
      if (refused) {
        errors.add(FieldError.forbidden(path, NOT_YET));
      } else {
        warnings.add(path + ": stored, but not honoured yet");
      }
    }

    private static boolean saysNothing(String name, JsonNode value) {
      boolean off = value.isBoolean() && !value.booleanValue() && !name.equals("hostUsers");
      boolean isDefault = DEFAULTS.getOrDefault(name, Set.of()).contains(value.asString(""));
      return Json.isEmpty(value) || off || isDefault;
    }
  }
}
