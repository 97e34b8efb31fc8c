package dev.berth.api.schema;

import static dev.berth.api.schema.PodDefaults.objects;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ResourceType;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Kinds that are served in two versions and stored in one (Kubernetes API: HorizontalPodAutoscaler
/// v1 and v2 autoscaling, Event v1 core and v1 events.k8s.io). Nothing is lost on the way and back:
/// what the older autoscaler has no field for is kept in the annotations that Kubernetes uses.
/// Pure, any thread; what is given is not changed.
public final class Versions {
  private static final String ALPHA = "autoscaling.alpha.kubernetes.io/";
  private static final String CPU_TARGET = "targetCPUUtilizationPercentage";
  private static final String CPU_CURRENT = "currentCPUUtilizationPercentage";

  /// Field of events.k8s.io/v1 to the same in v1.
  private static final Map<String, String> EVENT_FIELDS =
      Map.of(
          "note", "message",
          "regarding", "involvedObject",
          "reportingController", "reportingComponent",
          "deprecatedSource", "source",
          "deprecatedFirstTimestamp", "firstTimestamp",
          "deprecatedLastTimestamp", "lastTimestamp",
          "deprecatedCount", "count");

  private Versions() {}

  /// The type that a type's objects are stored as: itself, or the other version of it.
  public static ResourceType storage(ResourceType type) {
    if (type.equals(Kinds.HORIZONTAL_POD_AUTOSCALER_V1)) {
      return Kinds.HORIZONTAL_POD_AUTOSCALER;
    }
    return type.equals(Kinds.GROUPED_EVENT) ? Kinds.EVENT : type;
  }

  /// An object of `type` as it is stored.
  public static ObjectNode toStorage(ResourceType type, ObjectNode object) {
    if (type.equals(Kinds.HORIZONTAL_POD_AUTOSCALER_V1)) {
      ObjectNode whole = named(newer(object.deepCopy(), true), Kinds.HORIZONTAL_POD_AUTOSCALER);
      return isWhole(whole)
          ? whole
          : named(newer(object.deepCopy(), false), Kinds.HORIZONTAL_POD_AUTOSCALER);
    }
    if (type.equals(Kinds.GROUPED_EVENT)) {
      return named(renamed(object, true), Kinds.EVENT);
    }
    return object;
  }

  /// A stored object as one of `type`.
  public static ObjectNode fromStorage(ResourceType type, ObjectNode stored) {
    if (type.equals(Kinds.HORIZONTAL_POD_AUTOSCALER_V1)) {
      return named(older(stored.deepCopy()), type);
    }
    return type.equals(Kinds.GROUPED_EVENT) ? named(renamed(stored, false), type) : stored;
  }

  private static ObjectNode named(ObjectNode object, ResourceType type) {
    return object.put("apiVersion", type.gvk().apiVersion());
  }

  private static ObjectNode renamed(ObjectNode event, boolean toCore) {
    ObjectNode renamed = Json.object();
    event
        .properties()
        .forEach(entry -> renamed.set(name(entry.getKey(), toCore), entry.getValue().deepCopy()));
    return renamed;
  }

  private static String name(String field, boolean toCore) {
    if (toCore) {
      return EVENT_FIELDS.getOrDefault(field, field);
    }
    return EVENT_FIELDS.entrySet().stream()
        .filter(entry -> entry.getValue().equals(field))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(field);
  }

  // HorizontalPodAutoscaler.

  /// Whether what came out of annotations is what the newer version has there: anybody may write
  /// any text into them, and one list entry of a wrong type makes a list unreadable for typed
  /// clients.
  private static boolean isWhole(ObjectNode scaler) {
    KindSchema schema = Schemas.of(Kinds.HORIZONTAL_POD_AUTOSCALER);
    return Stream.concat(schema.validate(scaler).stream(), schema.unknownFields(scaler).stream())
        .map(FieldError::field)
        .noneMatch(
            field ->
                field.startsWith("spec.metrics")
                    || field.startsWith("spec.behavior")
                    || field.startsWith("status"));
  }

  /// @param kept whether annotations become fields again; otherwise they stay what they are
  private static ObjectNode newer(ObjectNode scaler, boolean kept) {
    if (scaler.get("spec") instanceof ObjectNode spec) {
      ArrayNode metrics =
          taken(scaler, "metrics", kept) instanceof ArrayNode list ? list : Json.array();
      JsonNode percent = spec.remove(CPU_TARGET);
      if (percent != null && percent.isNumber()) {
        ObjectNode target = Json.object().put("type", "Utilization");
        metrics.insert(0, cpu("target", target.set("averageUtilization", percent)));
      }
      if (!metrics.isEmpty()) {
        spec.set("metrics", metrics);
      }
      if (taken(scaler, "behavior", kept) instanceof ObjectNode behavior) {
        spec.set("behavior", behavior);
      }
    }
    JsonNode current = taken(scaler, "current-metrics", kept);
    JsonNode conditions = taken(scaler, "conditions", kept);
    if (scaler.get("status") instanceof ObjectNode status) {
      ArrayNode metrics = current instanceof ArrayNode list ? list : Json.array();
      JsonNode percent = status.remove(CPU_CURRENT);
      if (percent != null && percent.isNumber()) {
        metrics.insert(0, cpu("current", Json.object().set("averageUtilization", percent)));
      }
      if (!metrics.isEmpty()) {
        status.set("currentMetrics", metrics);
      }
      if (conditions instanceof ArrayNode) {
        status.set("conditions", conditions);
      }
    }
    return scaler;
  }

  private static ObjectNode cpu(String field, JsonNode value) {
    ObjectNode metric = Json.object().put("type", "Resource");
    metric.putObject("resource").put("name", "cpu").set(field, value);
    return metric;
  }

  private static ObjectNode older(ObjectNode scaler) {
    if (scaler.get("spec") instanceof ObjectNode spec) {
      percent(scaler, spec, List.of("metrics", "target", CPU_TARGET, "metrics"));
      kept(scaler, "behavior", spec.remove("behavior"));
    }
    if (scaler.get("status") instanceof ObjectNode status) {
      percent(scaler, status, List.of("currentMetrics", "current", CPU_CURRENT, "current-metrics"));
      kept(scaler, "conditions", status.remove("conditions"));
    }
    return scaler;
  }

  /// The share of the CPU out of the metrics, and the others into an annotation.
  ///
  /// @param names the list, the amounts in each, the field of v1, the annotation
  private static void percent(ObjectNode scaler, ObjectNode holder, List<String> names) {
    JsonNode metrics = holder.remove(names.get(0));
    ArrayNode others = Json.array();
    for (ObjectNode metric : metrics == null ? List.<ObjectNode>of() : objects(metrics)) {
      JsonNode resource = metric.path("resource");
      JsonNode amounts = resource.path(names.get(1));
      JsonNode share = amounts.path("averageUtilization");
      boolean only =
          amounts.propertyNames().stream().allMatch(n -> n.matches("type|averageUtil.*"));
      if (Json.text(resource, "name").equals("cpu")
          && share.isNumber()
          && only
          && !holder.has(names.get(2))) {
        holder.set(names.get(2), share);
      } else {
        others.add(metric);
      }
    }
    kept(scaler, names.get(3), others);
  }

  private static void kept(ObjectNode scaler, String name, JsonNode value) {
    if (!Json.isEmpty(value)) {
      Json.ensure(scaler, "metadata", "annotations").put(ALPHA + name, Json.string(value));
    }
  }

  /// What an annotation keeps; somebody else's text in it is nothing.
  private static JsonNode taken(ObjectNode scaler, String name, boolean kept) {
    if (!kept || !(Json.at(scaler, "metadata", "annotations") instanceof ObjectNode annotations)) {
      return Json.array();
    }
    JsonNode text = annotations.path(ALPHA + name);
    try {
      JsonNode value = Json.parse(text.asString(""));
      annotations.remove(ALPHA + name);
      if (annotations.isEmpty()) {
        Json.meta(scaler).remove("annotations");
      }
      return value;
    } catch (JacksonException | IllegalArgumentException e) {
      return Json.array();
    }
  }
}
