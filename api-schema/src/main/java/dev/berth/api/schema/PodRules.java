package dev.berth.api.schema;

import dev.berth.api.IpAddress;
import dev.berth.api.Json;
import dev.berth.api.LabelSelector;
import dev.berth.api.Names;
import dev.berth.api.SafeSysctls;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Rules of pods and of the kinds that make pods from a template.
final class PodRules {
  private static final long DEFAULT_GRACE = 30;
  private static final int MAX_SYSCTL = 253;
  private static final Pattern SYSCTL =
      Pattern.compile("([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?");

  private PodRules() {}

  static void pod(JsonNode pod, List<FieldError> errors) {
    if (!pod.path("spec").isObject()) {
      errors.add(FieldError.required("spec", ""));
      return;
    }
    spec(pod.path("spec"), "spec", errors);
  }

  static void podUpdate(JsonNode old, JsonNode changed, List<FieldError> errors) {
    deadlineUpdate(old, changed, errors);
    if (!frozen(old).equals(frozen(changed))) {
      errors.add(
          FieldError.forbidden(
              "spec",
              "pod updates may not change fields other than `spec.containers[*].image`,"
                  + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,"
                  + "`spec.tolerations` (only additions to existing tolerations),"
                  + "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"));
    }
  }

  private static boolean isDeadline(long seconds) {
    return seconds > 0 && seconds <= Integer.MAX_VALUE;
  }

  /// A deadline may be set and brought nearer.
  private static void deadlineUpdate(JsonNode old, JsonNode changed, List<FieldError> errors) {
    JsonNode before = Json.at(old, "spec", "activeDeadlineSeconds");
    JsonNode after = Json.at(changed, "spec", "activeDeadlineSeconds");
    if (!before.isNumber()) {
      return;
    }
    if (!after.isNumber()) {
      errors.add(
          FieldError.invalid(
              "spec.activeDeadlineSeconds",
              before.asLong(0),
              "must not update from a positive integer to nil value"));
    } else if (after.asLong(0) > before.asLong(0)) {
      errors.add(
          FieldError.invalid(
              "spec.activeDeadlineSeconds",
              after.asLong(0),
              "must be less than or equal to previous value"));
    }
  }

  /// The part of a pod's spec that never changes. A node may be set once: that is the binding.
  private static ObjectNode frozen(JsonNode pod) {
    ObjectNode spec =
        pod.path("spec") instanceof ObjectNode object ? object.deepCopy() : Json.object();
    spec.remove(List.of("activeDeadlineSeconds", "tolerations", "nodeName", "schedulingGates"));
    for (String list : List.of("initContainers", "containers")) {
      PodDefaults.objects(spec.path(list)).forEach(container -> container.remove("image"));
    }
    return spec;
  }

  static void nodeNameUpdate(JsonNode old, JsonNode changed, List<FieldError> errors) {
    String before = Json.text(old, "spec", "nodeName");
    if (!before.isEmpty() && !before.equals(Json.text(changed, "spec", "nodeName"))) {
      errors.add(FieldError.forbidden("spec.nodeName", "may not change once set"));
    }
  }

  static void spec(JsonNode spec, String path, List<FieldError> errors) {
    spec(spec, Set.of(), path, errors);
  }

  /// `claims` are volumes that pods get besides those of the spec.
  static void spec(JsonNode spec, Set<String> claims, String path, List<FieldError> errors) {
    JsonNode containers = spec.path("containers");
    if (containers.isEmpty()) {
      errors.add(FieldError.required(path + ".containers", ""));
    }
    Set<String> names = new HashSet<>();
    long grace = spec.path("terminationGracePeriodSeconds").asLong(DEFAULT_GRACE);
    for (String list : List.of("initContainers", "containers")) {
      containers(spec.path(list), names, path + "." + list, errors);
      for (int i = 0; i < spec.path(list).size(); i++) {
        String at = path + "." + list + "[" + i + "]";
        ContainerRules.hooks(spec.path(list).path(i), grace, at, errors);
      }
    }
    initContainers(spec.path("initContainers"), path + ".initContainers", errors);
    hostAliases(spec.path("hostAliases"), path + ".hostAliases", errors);
    sysctls(Json.at(spec, "securityContext", "sysctls"), path, errors);
    VolumeRules.check(spec, claims, path, errors);
    ContainerRules.supported(
        spec, "restartPolicy", Set.of("Always", "OnFailure", "Never"), path, errors);
    ContainerRules.supported(
        spec,
        "dnsPolicy",
        Set.of("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"),
        path,
        errors);
    atLeastZero(spec, "terminationGracePeriodSeconds", path, errors);
    JsonNode deadline = spec.path("activeDeadlineSeconds");
    if (deadline.isNumber() && !isDeadline(deadline.asLong(0))) {
      errors.add(
          FieldError.invalid(
              path + ".activeDeadlineSeconds",
              deadline.asLong(0),
              "must be between 1 and 2147483647, inclusive"));
    }
    String hostname = Json.text(spec, "hostname");
    if (!hostname.isEmpty() && !Names.isDnsLabel(hostname)) {
      errors.add(FieldError.invalid(path + ".hostname", hostname, MetadataRules.LABEL_RULE));
    }
    tolerations(spec.path("tolerations"), path + ".tolerations", errors);
    MetadataRules.labels(spec.path("nodeSelector"), path + ".nodeSelector", errors);
  }

  /// Probes and hooks are for those that run beside the others.
  private static void initContainers(JsonNode containers, String path, List<FieldError> errors) {
    for (int i = 0; i < containers.size(); i++) {
      JsonNode container = containers.path(i);
      String at = path + "[" + i + "]";
      ContainerRules.supported(container, "restartPolicy", Set.of("Always"), at, errors);
      if (Json.text(container, "restartPolicy").equals("Always")) {
        continue;
      }
      for (String field : List.of("lifecycle", "livenessProbe", "readinessProbe", "startupProbe")) {
        if (container.path(field).isObject()) {
          errors.add(
              FieldError.forbidden(
                  at + "." + field,
                  "may not be set for init containers without restartPolicy=Always"));
        }
      }
    }
  }

  private static void hostAliases(JsonNode aliases, String path, List<FieldError> errors) {
    for (int i = 0; i < aliases.size(); i++) {
      String at = path + "[" + i + "]";
      String ip = Json.text(aliases.path(i), "ip");
      if (!IpAddress.isValid(ip)) {
        errors.add(FieldError.invalid(at + ".ip", ip, "must be valid IP address"));
      }
      JsonNode names = aliases.path(i).path("hostnames");
      for (int j = 0; j < names.size(); j++) {
        String name = names.path(j).asString("");
        if (!Names.isDnsSubdomain(name)) {
          errors.add(
              FieldError.invalid(at + ".hostnames[" + j + "]", name, MetadataRules.SUBDOMAIN_RULE));
        }
      }
    }
  }

  private static void sysctls(JsonNode sysctls, String path, List<FieldError> errors) {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < sysctls.size(); i++) {
      String at = path + ".securityContext.sysctls[" + i + "].name";
      String name = Json.text(sysctls.path(i), "name");
      if (name.isEmpty()) {
        errors.add(FieldError.required(at, ""));
      } else if (name.length() > MAX_SYSCTL || !SYSCTL.matcher(name).matches()) {
        errors.add(
            FieldError.invalid(
                at,
                name,
                "must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$"));
      } else if (!names.add(SafeSysctls.dotted(name))) {
        errors.add(FieldError.duplicate(at, name));
      }
    }
  }

  private static void containers(
      JsonNode containers, Set<String> names, String path, List<FieldError> errors) {
    for (int i = 0; i < containers.size(); i++) {
      String at = path + "[" + i + "]";
      ContainerRules.check(containers.path(i), at, errors);
      String name = Json.text(containers.path(i), "name");
      if (!name.isEmpty() && !names.add(name)) {
        errors.add(FieldError.duplicate(at + ".name", name));
      }
    }
  }

  static void tolerations(JsonNode tolerations, String path, List<FieldError> errors) {
    for (int i = 0; i < tolerations.size(); i++) {
      JsonNode toleration = tolerations.path(i);
      String at = path + "[" + i + "]";
      ContainerRules.supported(toleration, "operator", Set.of("Exists", "Equal"), at, errors);
      ContainerRules.supported(
          toleration, "effect", Set.of("NoSchedule", "PreferNoSchedule", "NoExecute"), at, errors);
      boolean exists = Json.text(toleration, "operator").equals("Exists");
      if (Json.text(toleration, "key").isEmpty() && !exists) {
        errors.add(
            FieldError.invalid(
                at + ".operator",
                Json.text(toleration, "operator"),
                "operator must be Exists when `key` is empty, which means \"match all values and all keys\""));
      }
      if (exists && !Json.text(toleration, "value").isEmpty()) {
        errors.add(
            FieldError.invalid(
                at + ".value",
                Json.text(toleration, "value"),
                "value must be empty when `operator` is 'Exists'"));
      }
    }
  }

  static void atLeastZero(JsonNode object, String field, String path, List<FieldError> errors) {
    if (object.path(field).isNumber() && object.path(field).asLong(0) < 0) {
      errors.add(
          FieldError.invalid(
              ContainerRules.below(path, field),
              object.path(field).asLong(0),
              "must be greater than or equal to 0"));
    }
  }

  /// Deployments and ReplicaSets.
  static void workload(JsonNode workload, List<FieldError> errors) {
    JsonNode spec = workload.path("spec");
    JsonNode template = spec.path("template");
    atLeastZero(spec, "replicas", "spec", errors);
    selector(spec.path("selector"), template, errors);
    if (!template.path("spec").isObject()) {
      errors.add(FieldError.required("spec.template.spec", ""));
      return;
    }
    MetadataRules.labels(
        Json.at(template, "metadata", "labels"), "spec.template.metadata.labels", errors);
    spec(template.path("spec"), "spec.template.spec", errors);
    String restart = Json.text(template, "spec", "restartPolicy");
    if (!restart.isEmpty() && !restart.equals("Always")) {
      errors.add(
          new FieldError(
              "spec.template.spec.restartPolicy",
              FieldError.NOT_SUPPORTED,
              "Unsupported value: \"" + restart + "\": supported values: \"Always\""));
    }
  }

  private static void selector(JsonNode selector, JsonNode template, List<FieldError> errors) {
    if (!selector.isObject()) {
      errors.add(FieldError.required("spec.selector", ""));
      return;
    }
    MetadataRules.selector(selector, "spec.selector", errors)
        .ifPresent(wanted -> selects(wanted, template, errors));
  }

  private static void selects(LabelSelector wanted, JsonNode template, List<FieldError> errors) {
    if (wanted.isEverything()) {
      errors.add(
          FieldError.invalid("spec.selector", "{}", "empty selector is invalid for deployment"));
    } else if (!wanted.matches(Json.labels(template))) {
      errors.add(
          FieldError.invalid(
              "spec.template.metadata.labels",
              Json.at(template, "metadata", "labels"),
              "`selector` does not match template `labels`"));
    }
  }

  static void deployment(JsonNode deployment, List<FieldError> errors) {
    workload(deployment, errors);
    JsonNode spec = deployment.path("spec");
    atLeastZero(spec, "revisionHistoryLimit", "spec", errors);
    atLeastZero(spec, "minReadySeconds", "spec", errors);
    ContainerRules.supported(
        spec.path("strategy"),
        "type",
        Set.of("Recreate", "RollingUpdate"),
        "spec.strategy",
        errors);
    JsonNode rolling = spec.path("strategy").path("rollingUpdate");
    if (Json.text(spec, "strategy", "type").equals("Recreate") && rolling.isObject()) {
      errors.add(
          FieldError.forbidden(
              "spec.strategy.rollingUpdate",
              "may not be specified when strategy `type` is 'Recreate'"));
    }
    share(rolling, "maxSurge", errors);
    share(rolling, "maxUnavailable", errors);
    if (isZero(rolling.path("maxSurge")) && isZero(rolling.path("maxUnavailable"))) {
      errors.add(
          FieldError.invalid(
              "spec.strategy.rollingUpdate.maxUnavailable",
              rolling.path("maxUnavailable").asString(""),
              "may not be 0 when `maxSurge` is 0"));
    }
  }

  private static void share(JsonNode rolling, String field, List<FieldError> errors) {
    JsonNode value = rolling.path(field);
    boolean percent = value.isString() && value.stringValue().matches("[0-9]{1,9}%");
    boolean count = value.isNumber() && value.asLong(-1) >= 0;
    if (!value.isMissingNode() && !value.isNull() && !percent && !count) {
      errors.add(
          FieldError.invalid(
              "spec.strategy.rollingUpdate." + field,
              value.asString(""),
              "must be an integer or percentage (e.g '5%%')".replace("%%", "%")));
    }
  }

  private static boolean isZero(JsonNode value) {
    return (value.isNumber() && value.asLong(1) == 0)
        || (value.isString() && value.stringValue().equals("0%"));
  }

  static void selectorUpdate(JsonNode old, JsonNode changed, List<FieldError> errors) {
    JsonNode before = Json.at(old, "spec", "selector");
    JsonNode after = Json.at(changed, "spec", "selector");
    if (!before.equals(after)) {
      errors.add(
          new FieldError(
              "spec.selector",
              FieldError.INVALID,
              "Invalid value: " + after + ": field is immutable"));
    }
  }
}
