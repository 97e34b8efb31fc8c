package dev.berth.api.schema;

import static dev.berth.api.schema.PodDefaults.isAbsent;
import static dev.berth.api.schema.PodDefaults.put;

import dev.berth.api.Json;
import dev.berth.api.Quantity;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Volumes that outlive pods, and who provides them; the words are Kubernetes'. Nothing here makes
/// such volumes: these kinds are kept for those who do.
final class StorageRules {
  private static final Set<String> MODES =
      Set.of("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod");
  private static final Set<String> FORMS = Set.of("Filesystem", "Block");

  /// Fields of a PersistentVolume's spec that are not where its bytes are.
  private static final Set<String> NO_SOURCE = Set.of("capacity", "claimRef", "nodeAffinity");

  private StorageRules() {}

  // PersistentVolume.

  static void volumeDefaults(ObjectNode volume) {
    ObjectNode spec = Json.ensure(volume, "spec");
    put(spec, "persistentVolumeReclaimPolicy", "Retain");
    put(spec, "volumeMode", "Filesystem");
    if (spec.get("hostPath") instanceof ObjectNode host && isAbsent(host, "type")) {
      host.put("type", "");
    }
    put(Json.ensure(volume, "status"), "phase", "Pending");
  }

  static void volume(JsonNode volume, List<FieldError> errors) {
    JsonNode spec = volume.path("spec");
    modes(spec, errors);
    if (spec.path("capacity").isEmpty()) {
      errors.add(FieldError.required("spec.capacity", ""));
    } else if (!spec.path("capacity").has("storage")) {
      errors.add(
          new FieldError(
              "spec.capacity",
              FieldError.NOT_SUPPORTED,
              "Unsupported value: " + spec.path("capacity") + ": supported values: \"storage\""));
    } else {
      positive(spec.path("capacity"), "spec.capacity[storage]", errors);
    }
    ContainerRules.supported(
        spec,
        "persistentVolumeReclaimPolicy",
        Set.of("Retain", "Recycle", "Delete"),
        "spec",
        errors);
    ContainerRules.supported(spec, "volumeMode", FORMS, "spec", errors);
    long sources =
        spec.properties().stream()
            .filter(e -> e.getValue().isObject() && !NO_SOURCE.contains(e.getKey()))
            .count();
    if (sources == 0) {
      errors.add(FieldError.required("spec", "must specify a volume type"));
    } else if (sources > 1) {
      errors.add(FieldError.forbidden("spec", "may not specify more than 1 volume type"));
    }
  }

  /// Where the bytes are never changes; who has claimed them does.
  static void volumeUpdate(JsonNode old, JsonNode changed, List<FieldError> errors) {
    if (!source(old).equals(source(changed))) {
      errors.add(
          FieldError.forbidden(
              "spec.persistentvolumesource",
              "spec.persistentvolumesource is immutable after creation"));
    }
    WorkloadRules.unchanged(old, changed, "spec.volumeMode", errors);
  }

  private static ObjectNode source(JsonNode volume) {
    ObjectNode source = Json.object();
    volume
        .path("spec")
        .properties()
        .forEach(
            e -> {
              if (e.getValue().isObject() && !NO_SOURCE.contains(e.getKey())) {
                source.set(e.getKey(), e.getValue());
              }
            });
    return source;
  }

  private static void modes(JsonNode spec, List<FieldError> errors) {
    JsonNode modes = spec.path("accessModes");
    if (modes.isEmpty()) {
      errors.add(FieldError.required("spec.accessModes", "at least 1 access mode is required"));
    }
    for (JsonNode mode : modes) {
      if (!MODES.contains(mode.asString(""))) {
        errors.add(
            new FieldError(
                "spec.accessModes",
                FieldError.NOT_SUPPORTED,
                "Unsupported value: \""
                    + mode.asString("")
                    + "\": supported values: \"ReadOnlyMany\", \"ReadWriteMany\", \"ReadWriteOnce\", \"ReadWriteOncePod\""));
      }
    }
    if (modes.size() > 1 && modes.valueStream().anyMatch(m -> m.asString("").endsWith("OncePod"))) {
      errors.add(
          FieldError.forbidden(
              "spec.accessModes", "may not use ReadWriteOncePod with other access modes"));
    }
  }

  private static void positive(JsonNode amounts, String path, List<FieldError> errors) {
    Quantity.tryParse(amounts.path("storage").asString(""))
        .filter(amount -> amount.amount().signum() <= 0)
        .ifPresent(
            amount ->
                errors.add(
                    FieldError.invalid(path, amount.toString(), "must be greater than zero")));
  }

  // PersistentVolumeClaim.

  static void claimDefaults(ObjectNode claim) {
    put(Json.ensure(claim, "spec"), "volumeMode", "Filesystem");
    put(Json.ensure(claim, "status"), "phase", "Pending");
  }

  static void claim(JsonNode claim, List<FieldError> errors) {
    JsonNode spec = claim.path("spec");
    modes(spec, errors);
    MetadataRules.selector(spec.path("selector"), "spec.selector", errors);
    ContainerRules.supported(spec, "volumeMode", FORMS, "spec", errors);
    JsonNode requests = Json.at(spec, "resources", "requests");
    if (!requests.has("storage")) {
      errors.add(FieldError.required("spec.resources[storage]", ""));
    } else {
      positive(requests, "spec.resources[storage]", errors);
    }
  }

  static void claimUpdate(JsonNode old, JsonNode changed, List<FieldError> errors) {
    if (!fixed(old, changed).equals(fixed(changed, changed))) {
      errors.add(
          FieldError.forbidden(
              "spec",
              "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims"));
    }
  }

  /// A claim is bound by naming its volume, and may be given a class once.
  private static ObjectNode fixed(JsonNode claim, JsonNode changed) {
    ObjectNode spec =
        claim.path("spec") instanceof ObjectNode object ? object.deepCopy() : Json.object();
    spec.remove(List.of("resources", "volumeAttributesClassName"));
    if (Json.text(spec, "volumeName").isEmpty()) {
      spec.set("volumeName", Json.at(changed, "spec").path("volumeName"));
    }
    if (Json.text(spec, "storageClassName").isEmpty()) {
      spec.set("storageClassName", Json.at(changed, "spec").path("storageClassName"));
    }
    return spec;
  }

  // Classes, drivers, attachments.

  static void classDefaults(ObjectNode kind) {
    put(kind, "reclaimPolicy", "Delete");
    put(kind, "volumeBindingMode", "Immediate");
  }

  static void storageClass(JsonNode kind, List<FieldError> errors) {
    needs(kind, "provisioner", errors);
    ContainerRules.supported(kind, "reclaimPolicy", Set.of("Delete", "Retain"), "", errors);
    ContainerRules.supported(
        kind, "volumeBindingMode", Set.of("Immediate", "WaitForFirstConsumer"), "", errors);
  }

  static void storageClassUpdate(JsonNode old, JsonNode changed, List<FieldError> errors) {
    for (String field : List.of("parameters", "provisioner", "reclaimPolicy")) {
      if (!Json.isEmpty(old.path(field)) && !old.path(field).equals(changed.path(field))) {
        errors.add(FieldError.forbidden(field, "updates to " + field + " are forbidden."));
      }
    }
    WorkloadRules.unchanged(old, changed, "volumeBindingMode", errors);
  }

  static void attributesClass(JsonNode kind, List<FieldError> errors) {
    needs(kind, "driverName", errors);
  }

  static void attributesClassUpdate(JsonNode old, JsonNode changed, List<FieldError> errors) {
    WorkloadRules.unchanged(old, changed, "driverName", errors);
    WorkloadRules.unchanged(old, changed, "parameters", errors);
  }

  static void attachment(JsonNode attachment, List<FieldError> errors) {
    JsonNode spec = attachment.path("spec");
    needs(spec, "spec", "attacher", errors);
    needs(spec, "spec", "nodeName", errors);
    if (Json.isEmpty(spec.path("source"))) {
      errors.add(
          FieldError.required(
              "spec.source",
              "must specify exactly one of inlineVolumeSpec and persistentVolumeName"));
    }
  }

  static void attachmentUpdate(JsonNode old, JsonNode changed, List<FieldError> errors) {
    WorkloadRules.unchanged(old, changed, "spec", errors);
  }

  static void driverDefaults(ObjectNode driver) {
    ObjectNode spec = Json.ensure(driver, "spec");
    flag(spec, "attachRequired", true);
    for (String field :
        List.of("podInfoOnMount", "storageCapacity", "requiresRepublish", "seLinuxMount")) {
      flag(spec, field, false);
    }
    put(spec, "fsGroupPolicy", "ReadWriteOnceWithFSType");
    if (spec.path("volumeLifecycleModes").isEmpty()) {
      spec.putArray("volumeLifecycleModes").add("Persistent");
    }
  }

  private static void flag(ObjectNode object, String field, boolean value) {
    if (isAbsent(object, field)) {
      object.put(field, value);
    }
  }

  static void driver(JsonNode driver, List<FieldError> errors) {
    ContainerRules.supported(
        driver.path("spec"),
        "fsGroupPolicy",
        Set.of("ReadWriteOnceWithFSType", "File", "None"),
        "spec",
        errors);
  }

  static void driverUpdate(JsonNode old, JsonNode changed, List<FieldError> errors) {
    WorkloadRules.unchanged(old, changed, "spec.attachRequired", errors);
    WorkloadRules.unchanged(old, changed, "spec.volumeLifecycleModes", errors);
  }

  static void node(JsonNode node, List<FieldError> errors) {
    JsonNode drivers = Json.at(node, "spec", "drivers");
    for (int i = 0; i < drivers.size(); i++) {
      needs(drivers.path(i), "spec.drivers[" + i + "]", "name", errors);
      needs(drivers.path(i), "spec.drivers[" + i + "]", "nodeID", errors);
    }
  }

  static void capacity(JsonNode capacity, List<FieldError> errors) {
    needs(capacity, "storageClassName", errors);
    MetadataRules.selector(capacity.path("nodeTopology"), "nodeTopology", errors);
  }

  static void capacityUpdate(JsonNode old, JsonNode changed, List<FieldError> errors) {
    WorkloadRules.unchanged(old, changed, "nodeTopology", errors);
    WorkloadRules.unchanged(old, changed, "storageClassName", errors);
  }

  private static void needs(JsonNode object, String field, List<FieldError> errors) {
    if (Json.text(object, field).isEmpty()) {
      errors.add(FieldError.required(field, ""));
    }
  }

  private static void needs(JsonNode object, String path, String field, List<FieldError> errors) {
    if (Json.text(object, field).isEmpty()) {
      errors.add(FieldError.required(path + "." + field, ""));
    }
  }
}
