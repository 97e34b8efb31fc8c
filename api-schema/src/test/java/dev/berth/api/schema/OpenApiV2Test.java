package dev.berth.api.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import dev.berth.api.GroupVersionKind;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ResourceType;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class OpenApiV2Test {
  private static final ObjectNode DOCUMENT = OpenApiV2.document(Schemas.all());

  @Test
  void everyReferenceResolves() {
    Set<String> missing = new TreeSet<>();
    for (JsonNode ref : DOCUMENT.findValues("$ref")) {
      String text = ref.asString("");
      assertTrue(text.startsWith("#/definitions/"), text);
      missing.add(text.substring("#/definitions/".length()));
    }
    missing.removeAll(DOCUMENT.path("definitions").propertyNames());
    assertEquals(Set.of(), missing);
  }

  @Test
  void everyKindIsFoundByItsGroupVersionAndKind() {
    Set<GroupVersionKind> found = new java.util.HashSet<>();
    for (JsonNode definition : DOCUMENT.path("definitions")) {
      for (JsonNode gvk : definition.path("x-kubernetes-group-version-kind")) {
        found.add(
            new GroupVersionKind(
                Json.text(gvk, "group"), Json.text(gvk, "version"), Json.text(gvk, "kind")));
      }
    }
    for (ResourceType type : Kinds.all()) {
      assertTrue(found.contains(type.gvk()), type.kind());
    }
  }

  /// kubectl up to 1.28 looks at the parameters of PATCH before it lets the server validate or run
  /// dry.
  @Test
  void patchesSayWhatTheyCanDo() {
    JsonNode patch =
        Json.at(
            DOCUMENT, "paths", "/apis/apps/v1/namespaces/{namespace}/deployments/{name}", "patch");
    List<String> names =
        patch.path("parameters").valueStream().map(p -> Json.text(p, "name")).toList();
    assertTrue(names.containsAll(List.of("dryRun", "fieldValidation", "body")), names::toString);
    assertEquals("Deployment", Json.text(patch, "x-kubernetes-group-version-kind", "kind"));
  }

  @Test
  void fieldsKeepTheirMergeKeysAndTypes() {
    JsonNode spec = Json.at(DOCUMENT, "definitions", "io.k8s.api.core.v1.PodSpec", "properties");
    assertEquals("name", Json.text(spec, "containers", "x-kubernetes-patch-merge-key"));
    JsonNode deployment =
        Json.at(DOCUMENT, "definitions", "io.k8s.api.apps.v1.DeploymentSpec", "properties");
    assertEquals(
        "{\"$ref\":\"#/definitions/io.k8s.api.apps.v1.DeploymentStrategy\",\"x-kubernetes-patch-strategy\":\"retainKeys\"}",
        Json.string(deployment.path("strategy")));
    JsonNode surge =
        Json.at(
            DOCUMENT,
            "definitions",
            "io.k8s.api.apps.v1.RollingUpdateDeployment",
            "properties",
            "maxSurge");
    assertEquals("{\"format\":\"int-or-string\",\"type\":\"string\"}", Json.string(surge));
  }

  @Test
  void nothingOfTheNewerWordsIsLeft() {
    String text = Json.string(DOCUMENT);
    for (String word : List.of("#/components", "oneOf", "allOf", "requestBody")) {
      assertFalse(text.contains('"' + word), word);
    }
  }

  /// Read back along the published field numbers by protobuf-java, which knows nothing of our
  /// writer.
  @Test
  void theBytesSayWhatTheDocumentSays() throws Exception {
    Descriptor type = descriptor();
    DynamicMessage message = DynamicMessage.parseFrom(type, OpenApiV2.protobuf(DOCUMENT));
    assertKnown(message);
    assertEquals(DOCUMENT.path("swagger").asString(), message.getField(field(message, "swagger")));
    Map<String, Message> definitions = named(get(message, "definitions"), "additional_properties");
    assertEquals(new TreeSet<>(DOCUMENT.path("definitions").propertyNames()), definitions.keySet());
    definitions.forEach(
        (name, schema) ->
            assertEquals(
                Json.parse(withoutZeros(Json.at(DOCUMENT, "definitions", name))),
                Json.parse(withoutZeros(schema(schema)))));
    Map<String, Message> paths = named(get(message, "paths"), "path");
    assertEquals(new TreeSet<>(DOCUMENT.path("paths").propertyNames()), paths.keySet());
    Message patch =
        get(
            Objects.requireNonNull(
                paths.get("/apis/apps/v1/namespaces/{namespace}/deployments/{name}")),
            "patch");
    assertTrue(patch.toString().contains("name: \"dryRun\""), patch::toString);
    assertTrue(
        patch
            .toString()
            .contains(
                "yaml: \"{\\\"group\\\":\\\"apps\\\",\\\"kind\\\":\\\"Deployment\\\",\\\"version\\\":\\\"v1\\\"}\""));
  }

  private static void assertKnown(Message message) {
    assertTrue(message.getUnknownFields().asMap().isEmpty(), message::toString);
    for (Object value : message.getAllFields().values()) {
      for (Object one : value instanceof List<?> list ? list : List.of(value)) {
        if (one instanceof Message inner) {
          assertKnown(inner);
        }
      }
    }
  }

  private static ObjectNode schema(Message message) {
    ObjectNode schema = Json.object();
    message
        .getAllFields()
        .forEach(
            (field, value) -> {
              switch (field.getName()) {
                case "_ref" -> schema.put("$ref", (String) value);
                case "required" -> {
                  var list = schema.putArray("required");
                  ((List<?>) value).forEach(v -> list.add((String) v));
                }
                case "enum" -> {
                  var list = schema.putArray("enum");
                  ((List<?>) value).forEach(v -> list.add(Json.parse(yaml((Message) v))));
                }
                case "additional_properties" ->
                    schema.set("additionalProperties", schema(get((Message) value, "schema")));
                case "type" ->
                    schema.put("type", (String) list((Message) value, "value").getFirst());
                case "items" ->
                    schema.set(
                        "items", schema((Message) list((Message) value, "schema").getFirst()));
                case "properties" -> {
                  ObjectNode properties = schema.putObject("properties");
                  named((Message) value, "additional_properties")
                      .forEach((name, one) -> properties.set(name, schema(one)));
                }
                case "vendor_extension" ->
                    ((List<?>) value)
                        .forEach(
                            v -> {
                              Message any = (Message) v;
                              schema.set(
                                  (String) any.getField(field(any, "name")),
                                  Json.parse(yaml(get(any, "value"))));
                            });
                case "maximum", "minimum" ->
                    schema.put(field.getName(), ((Double) value).longValue());
                default -> schema.put(field.getName(), (String) value);
              }
            });
    return schema;
  }

  /// A smallest value of 0 is the default of its field, which proto3 leaves out.
  private static String withoutZeros(JsonNode schema) {
    return Json.string(schema).replaceAll(",?\"minimum\":0(?![0-9.])", "");
  }

  private static String yaml(Message any) {
    return (String) any.getField(field(any, "yaml"));
  }

  private static FieldDescriptor field(Message message, String name) {
    return Objects.requireNonNull(message.getDescriptorForType().findFieldByName(name), name);
  }

  private static Message get(Message message, String name) {
    return (Message) message.getField(field(message, name));
  }

  private static List<?> list(Message message, String name) {
    return (List<?>) message.getField(field(message, name));
  }

  private static Map<String, Message> named(Message holder, String name) {
    Map<String, Message> found = new TreeMap<>();
    for (Object one : list(holder, name)) {
      Message entry = (Message) one;
      found.put((String) entry.getField(field(entry, "name")), get(entry, "value"));
    }
    return found;
  }

  private static Descriptor descriptor() throws Exception {
    Map<String, DescriptorProto.Builder> messages = new TreeMap<>();
    try (InputStream in = OpenApiV2Test.class.getResourceAsStream("openapi-v2-fields.txt")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
      for (String line : text.lines().filter(l -> !l.startsWith("#")).toList()) {
        String[] row = line.split(" ", -1);
        messages
            .computeIfAbsent(row[0], name -> DescriptorProto.newBuilder().setName(name))
            .addField(fieldOf(row));
      }
    }
    FileDescriptorProto.Builder file =
        FileDescriptorProto.newBuilder()
            .setName("openapi.proto")
            .setPackage("openapi.v2")
            .setSyntax("proto3");
    new ArrayList<>(messages.values()).forEach(file::addMessageType);
    FileDescriptor built = FileDescriptor.buildFrom(file.build(), new FileDescriptor[0]);
    return built.findMessageTypeByName("Document");
  }

  private static FieldDescriptorProto fieldOf(String[] row) {
    boolean many = row[3].startsWith("[]");
    String type = many ? row[3].substring(2) : row[3];
    FieldDescriptorProto.Builder field =
        FieldDescriptorProto.newBuilder()
            .setNumber(Integer.parseInt(row[1]))
            .setName(row[2])
            .setLabel(
                many
                    ? FieldDescriptorProto.Label.LABEL_REPEATED
                    : FieldDescriptorProto.Label.LABEL_OPTIONAL);
    return switch (type) {
      case "string" -> field.setType(FieldDescriptorProto.Type.TYPE_STRING).build();
      case "bool" -> field.setType(FieldDescriptorProto.Type.TYPE_BOOL).build();
      case "double" -> field.setType(FieldDescriptorProto.Type.TYPE_DOUBLE).build();
      default ->
          field
              .setType(FieldDescriptorProto.Type.TYPE_MESSAGE)
              .setTypeName(".openapi.v2." + type)
              .build();
    };
  }
}
