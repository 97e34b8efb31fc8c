package dev.berth.api.schema;

import dev.berth.api.Digest;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ResourceType;
import dev.berth.api.schema.FieldType.AnyType;
import dev.berth.api.schema.FieldType.ListKind;
import dev.berth.api.schema.FieldType.ListType;
import dev.berth.api.schema.FieldType.MapType;
import dev.berth.api.schema.FieldType.ObjectType;
import dev.berth.api.schema.FieldType.Scalar;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// OpenAPI v3 documents of the group versions, made of the schemas. kubectl reads three things in
/// them: the `fieldValidation` parameter of PATCH (without it, it validates by itself), the
/// group-version-kind of operations and schemas, and the fields for `explain`. The documents are
/// shared: never change them.
public final class OpenApi {
  private static final Map<String, ObjectNode> DOCUMENTS = new ConcurrentHashMap<>();

  private OpenApi() {}

  /// The document of `v1`, `apps/v1`, `berth.dev/v1alpha1`; throws where no kind is served there.
  public static ObjectNode document(String groupVersion) {
    return DOCUMENTS.computeIfAbsent(groupVersion, name -> document(name, Schemas.all()));
  }

  /// `/openapi/v3`: where each group version's document is, with the hash of its content.
  public static ObjectNode index() {
    return index(Schemas.all());
  }

  /// The index of these kinds, for instance the built-in ones and those of custom resources.
  public static ObjectNode index(Collection<KindSchema> kinds) {
    ObjectNode index = Json.object();
    ObjectNode paths = index.putObject("paths");
    List<ResourceType> types = kinds.stream().map(KindSchema::type).toList();
    for (String groupVersion : Discovery.groupVersions(types)) {
      String path = (groupVersion.contains("/") ? "apis/" : "api/") + groupVersion;
      String hash = hash(document(groupVersion, kinds));
      paths.putObject(path).put("serverRelativeURL", "/openapi/v3/" + path + "?hash=" + hash);
    }
    return index;
  }

  public static String hash(String groupVersion) {
    return hash(document(groupVersion));
  }

  private static String hash(ObjectNode document) {
    return Digest.sha256(Json.bytes(document)).hex();
  }

  /// A group version's document of these kinds, newly made; throws where none of them is in it.
  public static ObjectNode document(String groupVersion, Collection<KindSchema> all) {
    List<KindSchema> kinds =
        all.stream().filter(kind -> kind.type().gvk().apiVersion().equals(groupVersion)).toList();
    if (kinds.isEmpty()) {
      throw new IllegalArgumentException("nothing is served in " + groupVersion);
    }
    ObjectNode document = Json.object().put("openapi", "3.0.0");
    document.putObject("info").put("title", "Berth").put("version", "v1");
    ObjectNode paths = document.putObject("paths");
    Map<String, ObjectNode> schemas = new TreeMap<>();
    for (KindSchema kind : kinds) {
      ResourceType type = kind.type();
      ObjectType root = kind.root();
      paths(paths, kind, root.name());
      schema(root, schemas);
      group(
          schemas
              .getOrDefault(root.name(), Json.object())
              .putArray("x-kubernetes-group-version-kind"),
          type,
          type.kind());
      schemas.put(root.name() + "List", list(type, root.name()));
    }
    ObjectNode components = document.putObject("components").putObject("schemas");
    schemas.forEach(components::set);
    return document;
  }

  private static void group(ArrayNode list, ResourceType type, String kind) {
    list.addObject()
        .put("group", type.gvk().group())
        .put("kind", kind)
        .put("version", type.gvk().version());
  }

  private static ObjectNode list(ResourceType type, String item) {
    ObjectNode list = Json.object().put("type", "object");
    ObjectNode properties = list.putObject("properties");
    properties.putObject("apiVersion").put("type", "string");
    properties.putObject("kind").put("type", "string");
    properties.putObject("metadata").put("type", "object");
    properties.putObject("items").put("type", "array").set("items", ref(item));
    list.putArray("required").add("items");
    group(list.putArray("x-kubernetes-group-version-kind"), type, type.kind() + "List");
    return list;
  }

  // Paths.

  private static void paths(ObjectNode paths, KindSchema kind, String schema) {
    ResourceType type = kind.type();
    String collection = type.collectionPath(type.namespaced() ? "{namespace}" : null);
    ObjectNode all = path(paths, collection, type.namespaced(), false);
    if (Kinds.measured().contains(type)) {
      read(all, "get", "list", type, schema + "List");
      ObjectNode one = path(paths, collection + "/{name}", type.namespaced(), true);
      read(one, "get", "get", type, schema);
      return;
    }
    if (!type.stored()) {
      write(all, "post", "post", type, schema);
      return;
    }
    read(all, "get", "list", type, schema + "List");
    write(all, "post", "post", type, schema);
    read(all, "delete", "deletecollection", type, schema + "List");
    if (type.namespaced()) {
      read(
          path(paths, type.collectionPath(null), false, false),
          "get",
          "list",
          type,
          schema + "List");
    }
    ObjectNode one = path(paths, collection + "/{name}", type.namespaced(), true);
    read(one, "get", "get", type, schema);
    write(one, "put", "put", type, schema);
    patch(one, kind, schema);
    read(one, "delete", "delete", type, schema);
    if (type.subresources().contains("status")) {
      ObjectNode status = path(paths, collection + "/{name}/status", type.namespaced(), true);
      read(status, "get", "get", type, schema);
      write(status, "put", "put", type, schema);
      patch(status, kind, schema);
    }
  }

  private static ObjectNode path(ObjectNode paths, String path, boolean namespaced, boolean named) {
    ObjectNode item = paths.putObject(path);
    if (namespaced || named) {
      ArrayNode parameters = item.putArray("parameters");
      if (named) {
        parameter(parameters, "name", "path", "string").put("required", true);
      }
      if (namespaced) {
        parameter(parameters, "namespace", "path", "string").put("required", true);
      }
    }
    return item;
  }

  private static ObjectNode parameter(ArrayNode list, String name, String in, String type) {
    ObjectNode parameter = list.addObject().put("name", name).put("in", in);
    parameter.putObject("schema").put("type", type).put("uniqueItems", true);
    return parameter;
  }

  private static ObjectNode read(
      ObjectNode path, String method, String action, ResourceType type, String answer) {
    ObjectNode operation = path.putObject(method);
    operation.put("operationId", action + type.kind() + path.size());
    ObjectNode ok = operation.putObject("responses").putObject("200").put("description", "OK");
    ok.putObject("content").putObject("application/json").set("schema", ref(answer));
    operation.put("x-kubernetes-action", action);
    operation
        .putObject("x-kubernetes-group-version-kind")
        .put("group", type.gvk().group())
        .put("kind", type.kind())
        .put("version", type.gvk().version());
    return operation;
  }

  private static void write(
      ObjectNode path, String method, String action, ResourceType type, String schema) {
    ObjectNode operation = read(path, method, action, type, schema);
    writeParameters(operation);
    body(operation).putObject("application/json").set("schema", ref(schema));
  }

  private static ObjectNode body(ObjectNode operation) {
    return operation.putObject("requestBody").put("required", true).putObject("content");
  }

  private static ArrayNode writeParameters(ObjectNode operation) {
    ArrayNode parameters = operation.putArray("parameters");
    for (String name : List.of("dryRun", "fieldManager", "fieldValidation")) {
      parameter(parameters, name, "query", "string");
    }
    return parameters;
  }

  private static void patch(ObjectNode path, KindSchema kind, String schema) {
    ObjectNode operation = read(path, "patch", "patch", kind.type(), schema);
    parameter(writeParameters(operation), "force", "query", "boolean");
    ObjectNode content = body(operation);
    for (String mediaType : patchTypes(kind)) {
      content.putObject(mediaType).putObject("schema").put("type", "object");
    }
  }

  /// The patches that a kind takes: our own kinds have no strategic one, as custom resources have
  /// none.
  public static List<String> patchTypes(ResourceType type) {
    return patchTypes(Schemas.of(type));
  }

  public static List<String> patchTypes(KindSchema kind) {
    List<String> types = new ArrayList<>();
    types.add("application/json-patch+json");
    types.add("application/merge-patch+json");
    if (kind.hasStrategicMerge()) {
      types.add("application/strategic-merge-patch+json");
    }
    types.add("application/apply-patch+yaml");
    return types;
  }

  // Schemas.

  private static ObjectNode ref(String name) {
    return Json.object().put("$ref", "#/components/schemas/" + name);
  }

  private static void schema(ObjectType type, Map<String, ObjectNode> schemas) {
    if (schemas.containsKey(type.name())) {
      return;
    }
    ObjectNode schema = Json.object().put("type", "object");
    schemas.put(type.name(), schema);
    if (type.open()) {
      schema.put("x-kubernetes-preserve-unknown-fields", true);
    }
    ObjectNode properties = Json.object();
    ArrayNode required = Json.array();
    type.fields()
        .forEach(
            (name, field) -> {
              properties.set(name, property(field, schemas));
              if (field.required()) {
                required.add(name);
              }
            });
    if (!properties.isEmpty()) {
      schema.set("properties", properties);
    }
    if (!required.isEmpty()) {
      schema.set("required", required);
    }
  }

  private static ObjectNode property(Field field, Map<String, ObjectNode> schemas) {
    ObjectNode value = value(field.type(), schemas);
    ObjectNode property = value;
    if (value.has("$ref")) {
      property = Json.object();
      property.putArray("allOf").add(value);
    }
    if (!field.description().isEmpty()) {
      property.put("description", field.description());
    }
    if (field.merge() == Field.Merge.RETAIN_KEYS && !(field.type() instanceof ListType)) {
      property.put("x-kubernetes-patch-strategy", "retainKeys");
    }
    constraints(property, field.constraints());
    return property;
  }

  private static void constraints(ObjectNode property, Constraints rules) {
    if (!rules.values().isEmpty()) {
      ArrayNode values = property.putArray("enum");
      rules.values().forEach(values::add);
    }
    rules.pattern().ifPresent(pattern -> property.put("pattern", pattern));
    rules.minimum().ifPresent(minimum -> property.put("minimum", minimum));
    rules.maximum().ifPresent(maximum -> property.put("maximum", maximum));
  }

  private static ObjectNode value(FieldType type, Map<String, ObjectNode> schemas) {
    return switch (type) {
      case ObjectType object -> {
        schema(object, schemas);
        yield ref(object.name());
      }
      case ListType list -> list(list, schemas);
      case MapType map -> {
        ObjectNode schema = Json.object().put("type", "object");
        schema.set("additionalProperties", value(map.value(), schemas));
        yield schema;
      }
      case Scalar scalar -> scalar(scalar);
      case AnyType _ ->
          Json.object().put("type", "object").put("x-kubernetes-preserve-unknown-fields", true);
    };
  }

  private static ObjectNode list(ListType list, Map<String, ObjectNode> schemas) {
    ObjectNode schema = Json.object().put("type", "array");
    schema.set("items", value(list.element(), schemas));
    if (list.patchMerge()) {
      schema.put("x-kubernetes-patch-strategy", "merge");
      list.patchMergeKey().ifPresent(key -> schema.put("x-kubernetes-patch-merge-key", key));
    }
    schema.put("x-kubernetes-list-type", listType(list.kind()));
    if (!list.listMapKeys().isEmpty()) {
      ArrayNode keys = schema.putArray("x-kubernetes-list-map-keys");
      list.listMapKeys().forEach(keys::add);
    }
    return schema;
  }

  private static String listType(ListKind kind) {
    return switch (kind) {
      case ATOMIC -> "atomic";
      case MAP -> "map";
      case SET -> "set";
    };
  }

  private static ObjectNode scalar(Scalar scalar) {
    ObjectNode schema = Json.object();
    return switch (scalar) {
      case STRING, QUANTITY, DURATION -> schema.put("type", "string");
      case INTEGER -> schema.put("type", "integer").put("format", "int64");
      case INT32 -> schema.put("type", "integer").put("format", "int32");
      case NUMBER -> schema.put("type", "number").put("format", "double");
      case BOOLEAN -> schema.put("type", "boolean");
      case TIME -> schema.put("type", "string").put("format", "date-time");
      case BYTES -> schema.put("type", "string").put("format", "byte");
      case INT_OR_STRING -> {
        schema.put("format", "int-or-string");
        ArrayNode either = schema.putArray("oneOf");
        either.addObject().put("type", "integer");
        either.addObject().put("type", "string");
        yield schema;
      }
    };
  }
}
