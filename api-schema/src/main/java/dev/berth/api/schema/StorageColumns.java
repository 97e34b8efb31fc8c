package dev.berth.api.schema;

import static dev.berth.api.schema.Cells.age;
import static dev.berth.api.schema.Cells.name;
import static dev.berth.api.schema.Cells.number;
import static dev.berth.api.schema.Cells.text;
import static dev.berth.api.schema.Cells.wide;

import dev.berth.api.Json;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// The tables of volumes and of who provides them, in kubectl's columns.
final class StorageColumns {
  private static final Map<String, String> SHORT =
      Map.of(
          "ReadWriteOnce", "RWO",
          "ReadOnlyMany", "ROX",
          "ReadWriteMany", "RWX",
          "ReadWriteOncePod", "RWOP");
  private static final String DEFAULT = "storageclass.kubernetes.io/is-default-class";

  private StorageColumns() {}

  static List<Column> volume() {
    return List.of(
        name(),
        text("Capacity", "Its size.", v -> Json.text(v, "spec", "capacity", "storage")),
        text("Access Modes", "How it may be mounted.", v -> modes(Json.at(v, "spec"))),
        text(
            "Reclaim Policy",
            "What becomes of it.",
            v -> Json.text(v, "spec", "persistentVolumeReclaimPolicy")),
        text("Status", "How far it is.", v -> phase(v)),
        text("Claim", "Who has it.", StorageColumns::claimed),
        text("StorageClass", "Its class.", v -> Json.text(v, "spec", "storageClassName")),
        text(
            "VolumeAttributesClass",
            "The class of its attributes.",
            v -> orUnset(Json.text(v, "spec", "volumeAttributesClassName"))),
        text("Reason", "Why it is so.", v -> Json.text(v, "status", "reason")),
        age(),
        wide("VolumeMode", "Files or blocks.", v -> orUnset(Json.text(v, "spec", "volumeMode"))));
  }

  private static String claimed(JsonNode volume) {
    JsonNode claim = Json.at(volume, "spec", "claimRef");
    return claim.isObject() ? Json.text(claim, "namespace") + "/" + Json.text(claim, "name") : "";
  }

  private static String phase(JsonNode object) {
    return Json.isDeleting(object) ? "Terminating" : Json.text(object, "status", "phase");
  }

  private static String orUnset(String text) {
    return text.isEmpty() ? "<unset>" : text;
  }

  private static String modes(JsonNode holder) {
    return holder
        .path("accessModes")
        .valueStream()
        .map(mode -> SHORT.getOrDefault(mode.asString(""), mode.asString("")))
        .collect(Collectors.joining(","));
  }

  static List<Column> claim() {
    return List.of(
        name(),
        text("Status", "How far it is.", c -> phase(c)),
        text("Volume", "What it has.", c -> Json.text(c, "spec", "volumeName")),
        text("Capacity", "Its size.", c -> Json.text(c, "status", "capacity", "storage")),
        text("Access Modes", "How it may be mounted.", c -> modes(Json.at(c, "status"))),
        text("StorageClass", "Its class.", c -> Json.text(c, "spec", "storageClassName")),
        text(
            "VolumeAttributesClass",
            "The class of its attributes.",
            c -> orUnset(Json.text(c, "spec", "volumeAttributesClassName"))),
        age(),
        wide("VolumeMode", "Files or blocks.", c -> orUnset(Json.text(c, "spec", "volumeMode"))));
  }

  static List<Column> storageClass() {
    return List.of(
        new Column(
            "Name",
            "string",
            "name",
            "Name must be unique.",
            0,
            (kind, _) ->
                Json.annotations(kind).getOrDefault(DEFAULT, "").equals("true")
                    ? Json.name(kind) + " (default)"
                    : Json.name(kind)),
        text("Provisioner", "Who provides.", c -> Json.text(c, "provisioner")),
        text("ReclaimPolicy", "What becomes of volumes.", c -> Json.text(c, "reclaimPolicy")),
        text("VolumeBindingMode", "When it binds.", c -> Json.text(c, "volumeBindingMode")),
        flag("AllowVolumeExpansion", "Whether volumes may grow.", "allowVolumeExpansion"),
        age());
  }

  private static Column flag(String name, String says, String... path) {
    return new Column(
        name, "boolean", "", says, 0, (object, _) -> Json.at(object, path).asBoolean(false));
  }

  static List<Column> attributesClass() {
    return List.of(
        name(), text("DriverName", "Its driver.", c -> Json.text(c, "driverName")), age());
  }

  static List<Column> attachment() {
    return List.of(
        name(),
        text("Attacher", "Who attaches.", a -> Json.text(a, "spec", "attacher")),
        text("PV", "What.", a -> Json.text(a, "spec", "source", "persistentVolumeName")),
        text("Node", "To which node.", a -> Json.text(a, "spec", "nodeName")),
        flag("Attached", "Whether it is.", "status", "attached"),
        age());
  }

  static List<Column> driver() {
    return List.of(
        name(),
        flag("AttachRequired", "Whether volumes are attached.", "spec", "attachRequired"),
        flag("PodInfoOnMount", "Whether it is told the pod.", "spec", "podInfoOnMount"),
        flag("StorageCapacity", "Whether it tells its space.", "spec", "storageCapacity"),
        text("TokenRequests", "Tokens it gets.", d -> orUnset(list(d, "tokenRequests"))),
        flag("RequiresRepublish", "Whether it is called again.", "spec", "requiresRepublish"),
        text("Modes", "How volumes live.", d -> list(d, "volumeLifecycleModes")),
        age());
  }

  private static String list(JsonNode driver, String field) {
    return Json.at(driver, "spec", field)
        .valueStream()
        .map(one -> one.isObject() ? Json.text(one, "audience") : one.asString(""))
        .collect(Collectors.joining(","));
  }

  static List<Column> node() {
    return List.of(
        name(),
        number("Drivers", "How many.", n -> (long) Json.at(n, "spec", "drivers").size()),
        age());
  }

  static List<Column> capacity() {
    return List.of(
        name(),
        text("StorageClassName", "Its class.", c -> Json.text(c, "storageClassName")),
        text("Capacity", "What is left.", c -> orUnset(Json.text(c, "capacity"))));
  }
}
