package dev.berth.controller;

import dev.berth.api.Json;
import dev.berth.api.ResourceType;
import dev.berth.api.schema.Field;
import dev.berth.api.schema.FieldType;
import dev.berth.api.schema.Schemas;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// An object of any kind: the required fields and some others, with values that mostly fit, from a
/// seed. For the kinds whose rules a table of types does not tell, the specs are written by hand.
final class SampleObjects {
  private static final String CONTAINER = "{\"name\":\"a\",\"image\":\"a:1\"}";
  private static final String POD = "{\"containers\":[" + CONTAINER + "]}";
  private static final String WORKLOAD =
      "{\"selector\":{\"matchLabels\":{\"a\":\"b\"}},\"template\":{\"metadata\":{\"labels\":"
          + "{\"a\":\"b\"}},\"spec\":"
          + POD
          + "}}";
  private static final Map<String, String> SPECS =
      Map.of(
          "Pod", POD,
          "Deployment", WORKLOAD,
          "ReplicaSet", WORKLOAD,
          "StatefulSet", WORKLOAD,
          "DaemonSet", WORKLOAD,
          "Job",
              "{\"template\":{\"spec\":{\"restartPolicy\":\"Never\",\"containers\":["
                  + CONTAINER
                  + "]}}}",
          "Service", "{\"ports\":[{\"port\":80}],\"selector\":{\"a\":\"b\"}}",
          "ModelApp", "{\"model\":{\"image\":\"a:1\"}}");

  private final Random random;

  SampleObjects(Random random) {
    this.random = random;
  }

  ObjectNode of(ResourceType type, String name) {
    ObjectNode object =
        Json.object().put("apiVersion", type.gvk().apiVersion()).put("kind", type.kind());
    ObjectNode meta = Json.meta(object).put("name", name);
    if (type.namespaced()) {
      meta.put("namespace", "default");
    }
    meta.putObject("labels").put("a", "b");
    Schemas.of(type)
        .root()
        .fields()
        .forEach(
            (field, about) -> {
              if (!object.has(field) && (about.required() || random.nextBoolean())) {
                object.set(field, value(field, about, 0));
              }
            });
    String spec = SPECS.get(type.kind());
    if (spec != null) {
      object.set("spec", Json.parse(spec));
    }
    return object;
  }

  private JsonNode value(String name, Field field, int depth) {
    List<String> values = field.constraints().values();
    return values.isEmpty()
        ? value(name, field.type(), depth)
        : Json.object().stringNode(values.get(random.nextInt(values.size())));
  }

  private JsonNode value(String name, FieldType type, int depth) {
    return switch (type) {
      case FieldType.ObjectType object -> object(object, depth);
      case FieldType.ListType list -> {
        var array = Json.array();
        for (int i = random.nextInt(2); i >= 0 && depth < 6; i--) {
          array.add(value(name, list.element(), depth + 1));
        }
        yield array;
      }
      case FieldType.MapType map -> {
        ObjectNode entries = Json.object();
        entries.set("k" + random.nextInt(3), value(name, map.value(), depth + 1));
        yield entries;
      }
      case FieldType.Scalar scalar -> scalar(name, scalar);
      case FieldType.AnyType _ -> Json.object();
    };
  }

  private ObjectNode object(FieldType.ObjectType type, int depth) {
    ObjectNode object = Json.object();
    type.fields()
        .forEach(
            (name, field) -> {
              if (field.required() || (depth < 4 && random.nextInt(4) == 0)) {
                object.set(name, value(name, field, depth + 1));
              }
            });
    return object;
  }

  private JsonNode scalar(String name, FieldType.Scalar scalar) {
    ObjectNode maker = Json.object();
    return switch (scalar) {
      case STRING -> maker.stringNode(name.endsWith("ame") ? "n" + random.nextInt(5) : "text");
      case INTEGER, INT32 -> maker.numberNode(random.nextInt(100));
      case NUMBER -> maker.numberNode(random.nextDouble());
      case BOOLEAN -> maker.booleanNode(random.nextBoolean());
      case QUANTITY -> maker.stringNode(random.nextInt(100) + "Mi");
      case INT_OR_STRING -> maker.numberNode(random.nextInt(100));
      case TIME -> maker.stringNode("2026-01-01T00:00:00Z");
      case DURATION -> maker.stringNode("30s");
      case BYTES -> maker.stringNode("YQ==");
    };
  }
}
