package dev.berth.api.schema;

import static dev.berth.api.schema.PodDefaults.objects;
import static dev.berth.api.schema.PodDefaults.put;

import dev.berth.api.Json;
import dev.berth.api.LabelSelector;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// StatefulSets, DaemonSets, ReplicationControllers, PodTemplates and ControllerRevisions; the
/// words are Kubernetes'.
final class SetRules {
  private static final String STATEFUL_UPDATE =
      "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy',"
          + " 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";
  private static final List<String> STATEFUL_MAY_CHANGE =
      List.of(
          "replicas",
          "ordinals",
          "template",
          "updateStrategy",
          "revisionHistoryLimit",
          "persistentVolumeClaimRetentionPolicy",
          "minReadySeconds");

  private SetRules() {}

  // StatefulSet.

  static void statefulDefaults(ObjectNode set) {
    ObjectNode spec = Json.ensure(set, "spec");
    put(spec, "replicas", 1);
    put(spec, "podManagementPolicy", "OrderedReady");
    put(spec, "revisionHistoryLimit", 10);
    ObjectNode strategy = Json.ensure(spec, "updateStrategy");
    put(strategy, "type", "RollingUpdate");
    if (Json.text(strategy, "type").equals("RollingUpdate")) {
      put(Json.ensure(strategy, "rollingUpdate"), "partition", 0);
    }
    ObjectNode retention = Json.ensure(spec, "persistentVolumeClaimRetentionPolicy");
    put(retention, "whenDeleted", "Retain");
    put(retention, "whenScaled", "Retain");
    for (ObjectNode claim : objects(spec.path("volumeClaimTemplates"))) {
      put(claim, "apiVersion", "v1");
      put(claim, "kind", "PersistentVolumeClaim");
      StorageRules.claimDefaults(claim);
    }
    PodDefaults.template(spec.path("template"));
  }

  static void stateful(JsonNode set, List<FieldError> errors) {
    JsonNode spec = set.path("spec");
    pods(set, "statefulset", errors);
    PodRules.atLeastZero(spec, "revisionHistoryLimit", "spec", errors);
    PodRules.atLeastZero(spec.path("ordinals"), "start", "spec.ordinals", errors);
    ContainerRules.supported(
        spec, "podManagementPolicy", Set.of("OrderedReady", "Parallel"), "spec", errors);
    JsonNode strategy = spec.path("updateStrategy");
    ContainerRules.supported(
        strategy, "type", Set.of("RollingUpdate", "OnDelete"), "spec.updateStrategy", errors);
    JsonNode rolling = strategy.path("rollingUpdate");
    PodRules.atLeastZero(rolling, "partition", "spec.updateStrategy.rollingUpdate", errors);
    if (Json.text(strategy, "type").equals("OnDelete") && rolling.isObject()) {
      errors.add(
          FieldError.invalid(
              "spec.updateStrategy.rollingUpdate",
              rolling,
              "only allowed for updateStrategy 'RollingUpdate'"));
    }
    for (String when : List.of("whenDeleted", "whenScaled")) {
      ContainerRules.supported(
          spec.path("persistentVolumeClaimRetentionPolicy"),
          when,
          Set.of("Retain", "Delete"),
          "spec.persistentVolumeClaimRetentionPolicy",
          errors);
    }
  }

  static void statefulUpdate(JsonNode old, JsonNode changed, List<FieldError> errors) {
    if (!fixed(old).equals(fixed(changed))) {
      errors.add(FieldError.forbidden("spec", STATEFUL_UPDATE));
    }
  }

  private static ObjectNode fixed(JsonNode set) {
    ObjectNode spec =
        set.path("spec") instanceof ObjectNode object ? object.deepCopy() : Json.object();
    spec.remove(STATEFUL_MAY_CHANGE);
    return spec;
  }

  // DaemonSet.

  static void daemonDefaults(ObjectNode set) {
    ObjectNode spec = Json.ensure(set, "spec");
    put(spec, "revisionHistoryLimit", 10);
    ObjectNode strategy = Json.ensure(spec, "updateStrategy");
    put(strategy, "type", "RollingUpdate");
    if (Json.text(strategy, "type").equals("RollingUpdate")) {
      ObjectNode rolling = Json.ensure(strategy, "rollingUpdate");
      put(rolling, "maxUnavailable", 1);
      put(rolling, "maxSurge", 0);
    }
    PodDefaults.template(spec.path("template"));
  }

  static void daemon(JsonNode set, List<FieldError> errors) {
    JsonNode spec = set.path("spec");
    pods(set, "daemonset", errors);
    PodRules.atLeastZero(spec, "revisionHistoryLimit", "spec", errors);
    JsonNode strategy = spec.path("updateStrategy");
    ContainerRules.supported(
        strategy, "type", Set.of("RollingUpdate", "OnDelete"), "spec.updateStrategy", errors);
    for (String field : List.of("maxUnavailable", "maxSurge")) {
      WorkloadRules.share(
          strategy.path("rollingUpdate").path(field),
          "spec.updateStrategy.rollingUpdate." + field,
          errors);
    }
  }

  /// What StatefulSets and DaemonSets share: a selector that selects the template's pods.
  private static void pods(JsonNode set, String kind, List<FieldError> errors) {
    JsonNode spec = set.path("spec");
    JsonNode template = spec.path("template");
    PodRules.atLeastZero(spec, "replicas", "spec", errors);
    PodRules.atLeastZero(spec, "minReadySeconds", "spec", errors);
    if (!spec.path("selector").isObject()) {
      errors.add(FieldError.required("spec.selector", ""));
    } else {
      MetadataRules.selector(spec.path("selector"), "spec.selector", errors)
          .ifPresent(wanted -> selects(wanted, template, kind, errors));
    }
    template(template, claims(spec), "spec.template", errors);
  }

  /// Each pod of a StatefulSet gets a volume of each of its claims.
  private static Set<String> claims(JsonNode spec) {
    return spec.path("volumeClaimTemplates")
        .valueStream()
        .map(Json::name)
        .collect(Collectors.toSet());
  }

  private static void selects(
      LabelSelector wanted, JsonNode template, String kind, List<FieldError> errors) {
    if (wanted.isEverything()) {
      errors.add(
          FieldError.invalid("spec.selector", "{}", "empty selector is invalid for " + kind));
    } else if (!wanted.matches(Json.labels(template))) {
      errors.add(
          FieldError.invalid(
              "spec.template.metadata.labels",
              Json.at(template, "metadata", "labels"),
              "`selector` does not match template `labels`"));
    }
  }

  private static void template(
      JsonNode template, Set<String> claims, String path, List<FieldError> errors) {
    if (!template.path("spec").isObject()) {
      errors.add(FieldError.required(path + ".spec", ""));
      return;
    }
    MetadataRules.labels(
        Json.at(template, "metadata", "labels"), path + ".metadata.labels", errors);
    PodRules.spec(template.path("spec"), claims, path + ".spec", errors);
    String restart = Json.text(template, "spec", "restartPolicy");
    if (!restart.isEmpty() && !restart.equals("Always")) {
      errors.add(
          new FieldError(
              path + ".spec.restartPolicy",
              FieldError.NOT_SUPPORTED,
              "Unsupported value: \"" + restart + "\": supported values: \"Always\""));
    }
  }

  // ReplicationController: its selector and its labels are the template's unless they are there.

  static void controllerDefaults(ObjectNode controller) {
    ObjectNode spec = Json.ensure(controller, "spec");
    put(spec, "replicas", 1);
    JsonNode labels = Json.at(spec, "template", "metadata", "labels");
    if (labels instanceof ObjectNode object && !labels.isEmpty()) {
      if (Json.isEmpty(spec.path("selector"))) {
        spec.set("selector", object.deepCopy());
      }
      if (Json.labels(controller).isEmpty()) {
        Json.meta(controller).set("labels", object.deepCopy());
      }
    }
    PodDefaults.template(spec.path("template"));
  }

  static void controller(JsonNode controller, List<FieldError> errors) {
    JsonNode spec = controller.path("spec");
    PodRules.atLeastZero(spec, "replicas", "spec", errors);
    PodRules.atLeastZero(spec, "minReadySeconds", "spec", errors);
    JsonNode template = spec.path("template");
    if (Json.isEmpty(spec.path("selector"))) {
      errors.add(FieldError.required("spec.selector", ""));
    } else if (!LabelSelector.of(Json.strings(spec.path("selector")))
        .matches(Json.labels(template))) {
      errors.add(
          FieldError.invalid(
              "spec.template.metadata.labels",
              Json.at(template, "metadata", "labels"),
              "`selector` does not match template `labels`"));
    }
    template(template, Set.of(), "spec.template", errors);
  }

  // PodTemplate, ControllerRevision.

  static void podTemplateDefaults(ObjectNode template) {
    PodDefaults.template(template.path("template"));
  }

  static void podTemplate(JsonNode template, List<FieldError> errors) {
    if (!Json.at(template, "template", "spec").isObject()) {
      errors.add(FieldError.required("template.spec", ""));
      return;
    }
    MetadataRules.labels(
        Json.at(template, "template", "metadata", "labels"), "template.metadata.labels", errors);
    PodRules.spec(Json.at(template, "template", "spec"), "template.spec", errors);
  }

  static void revision(JsonNode revision, List<FieldError> errors) {
    if (isAbsent(revision)) {
      errors.add(FieldError.required("data", "data is mandatory"));
    }
    PodRules.atLeastZero(revision, "revision", "", errors);
  }

  private static boolean isAbsent(JsonNode revision) {
    JsonNode data = revision.path("data");
    return data.isMissingNode() || data.isNull();
  }

  static void revisionUpdate(JsonNode old, JsonNode changed, List<FieldError> errors) {
    WorkloadRules.unchanged(old, changed, "data", errors);
  }
}
