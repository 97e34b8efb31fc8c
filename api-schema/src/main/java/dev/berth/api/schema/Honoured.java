package dev.berth.api.schema;

import dev.berth.api.Json;
import dev.berth.api.schema.FieldType.ListType;
import dev.berth.api.schema.FieldType.ObjectType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Which part of a pod (or pod template) this Berth acts on. What it does not act on is either said
/// (`warnings`: the field is stored and has no effect yet) or refused (`errors`: it would change
/// isolation or data). A field at its empty or default value asks for nothing and passes.
public record Honoured(List<FieldError> errors, List<String> warnings) {
  private static final String NOT_YET = "is not honoured yet and would change isolation or data: ";
  private static final String VOLUMES =
      "Berth has emptyDir, configMap, secret, downwardAPI and projected volumes";

  /// What to do instead, where it is more than removing the field.
  private static final Map<String, String> FIXES =
      Map.of(
          "privileged", "remove it; a root container has the usual capabilities anyway",
          "allowPrivilegeEscalation", "set it to false, which holds for every container here",
          "seccompProfile", "set type: RuntimeDefault, which holds for every container here");

  private static final Pattern VOLUME_KIND =
      Pattern.compile(".*\\.(volumes|sources)\\[\\d+\\]\\.[^.]*");

  /// By the name of the field, wherever it is in a pod.
  private static final Set<String> REFUSED =
      Set.of(
          "volumeDevices",
          "ephemeralContainers",
          "runtimeClassName",
          "shareProcessNamespace",
          "resourceClaims",
          "hostNetwork",
          "hostPID",
          "hostIPC",
          "hostUsers",
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

  /// The values that what Berth does anyway meets, and those that Kubernetes fills in. The message
  /// of a failed container is the end of its log, whatever `terminationMessagePolicy` says.
  private static final Map<String, Set<String>> MET =
      Map.ofEntries(
          Map.entry("dnsPolicy", Set.of("ClusterFirst")),
          Map.entry("schedulerName", Set.of("default-scheduler")),
          Map.entry("enableServiceLinks", Set.of("true", "false")),
          Map.entry("automountServiceAccountToken", Set.of("true", "false")),
          Map.entry("preemptionPolicy", Set.of("PreemptLowerPriority", "Never")),
          Map.entry("mountPropagation", Set.of("None")),
          Map.entry("recursiveReadOnly", Set.of("Disabled")),
          // It says nothing about the kinds of volumes that there are.
          Map.entry("fsGroupChangePolicy", Set.of("Always", "OnRootMismatch")),
          Map.entry("hostUsers", Set.of("true")),
          Map.entry("procMount", Set.of("Default")),
          Map.entry("imagePullPolicy", Set.of("Always", "IfNotPresent")),
          Map.entry("terminationMessagePolicy", Set.of("File", "FallbackToLogsOnError")));

  public Honoured {
    errors = List.copyOf(errors);
    warnings = List.copyOf(warnings);
  }

  /// Takes a Pod, or anything that makes pods: with `spec.template` (Deployment, Job), with
  /// `spec.jobTemplate` (CronJob) or with `template` (PodTemplate); paths are those of the object
  /// given.
  public static Honoured check(ObjectNode podOrWorkload) {
    String path = "spec";
    for (String template : List.of("spec.template", "spec.jobTemplate.spec.template", "template")) {
      if (Json.at(podOrWorkload, template.split("\\.", -1)).isObject()) {
        path = template + ".spec";
      }
    }
    Walk walk = new Walk();
    walk.object(Json.at(podOrWorkload, path.split("\\.", -1)), PodParts.HONOURED_POD_SPEC, path);
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
          other(entry.getKey(), entry.getValue(), child, PodParts.STRICT.contains(honoured.name()));
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
        if (object.equals(PodParts.POD_SECURITY_CONTEXT)) {
          SecurityRules.pod(node, path, errors);
        }
        if (object.equals(PodParts.EMPTY_DIR)) {
          emptyDir(node, path);
        }
      } else if (type instanceof ListType list && list.element() instanceof ObjectType element) {
        for (int i = 0; i < node.size(); i++) {
          object(node.path(i), element, path + "[" + i + "]");
        }
      }
    }

    private void other(String name, JsonNode value, String path, boolean strict) {
      if (saysNothing(name, value) && !isVolume(path)) {
        return;
      }
      if (REFUSED.contains(name) || strict) {
        String fix = isVolume(path) ? VOLUMES : "remove it";
        errors.add(FieldError.forbidden(path, NOT_YET + FIXES.getOrDefault(name, fix)));
      } else {
        warnings.add(path + ": stored, but not honoured yet");
      }
    }

    private void emptyDir(JsonNode dir, String path) {
      String medium = Json.text(dir, "medium");
      if (!medium.isEmpty() && !medium.equals("Memory")) {
        errors.add(
            FieldError.forbidden(path + ".medium", NOT_YET + "use \"\" (the disk) or Memory"));
      }
    }

    /// A volume's kind asks for something even where it is `{}`.
    private static boolean isVolume(String path) {
      return VOLUME_KIND.matcher(path).matches();
    }

    private static boolean saysNothing(String name, JsonNode value) {
      boolean off = value.isBoolean() && !value.booleanValue() && !name.equals("hostUsers");
      boolean met =
          name.startsWith("serviceAccount")
              || MET.getOrDefault(name, Set.of()).contains(value.asString(""))
              || (name.equals("seccompProfile")
                  && Json.text(value, "type").equals("RuntimeDefault"));
      return Json.isEmpty(value) || off || met;
    }
  }
}
