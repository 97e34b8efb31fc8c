package dev.berth.api.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The committed table of protobuf messages is what the published descriptors say.
/// `-Dberth.refresh=true` writes it.
public class ProtobufTableTest {
  private static final Path TABLE =
      Path.of("src/main/resources/dev/berth/api/codec/protobuf-fields.tsv");

  private static final Map<String, String> VALUES =
      Map.ofEntries(
          Map.entry("meta.v1.Time", "time"),
          Map.entry("meta.v1.MicroTime", "micro-time"),
          Map.entry("api.resource.Quantity", "quantity"),
          Map.entry("util.intstr.IntOrString", "int-or-string"),
          Map.entry("pkg.runtime.RawExtension", "raw"),
          Map.entry("meta.v1.FieldsV1", "raw"),
          Map.entry("apiextensions.v1.JSON", "raw"),
          Map.entry("apiextensions.v1.JSONSchemaPropsOrArray", "schema-or-array"),
          Map.entry("apiextensions.v1.JSONSchemaPropsOrBool", "schema-or-bool"),
          Map.entry("apiextensions.v1.JSONSchemaPropsOrStringArray", "schema-or-strings"));

  /// Structs that Go embeds: their fields are the parent's in JSON.
  public static final Set<String> INLINE =
      Set.of(
          "core.v1.Volume volumeSource",
          "core.v1.PersistentVolumeSpec persistentVolumeSource",
          "core.v1.Probe handler",
          "core.v1.EphemeralContainer ephemeralContainerCommon",
          "core.v1.ConfigMapEnvSource localObjectReference",
          "core.v1.ConfigMapKeySelector localObjectReference",
          "core.v1.ConfigMapProjection localObjectReference",
          "core.v1.ConfigMapVolumeSource localObjectReference",
          "core.v1.SecretEnvSource localObjectReference",
          "core.v1.SecretKeySelector localObjectReference",
          "core.v1.SecretProjection localObjectReference",
          "networking.v1.IngressRule ingressRuleValue");

  @Test
  void tableIsWhatTheDescriptorsSay() throws IOException {
    String generated = generate();
    if (Boolean.getBoolean("berth.refresh")) {
      Files.createDirectories(Objects.requireNonNull(TABLE.getParent()));
      Files.writeString(TABLE, generated);
    }
    assertEquals(
        generated, Files.readString(TABLE), "stale table: run this test with -Dberth.refresh=true");
  }

  private static String generate() throws IOException {
    Set<String> kept = kept();
    Map<String, List<String>> messages = new TreeMap<>();
    Set<String> seen = new HashSet<>();
    List<Descriptor> queue = new ArrayList<>(ProtobufRoots.all());
    while (!queue.isEmpty()) {
      Descriptor next = queue.removeLast();
      if (!seen.add(next.getFullName())) {
        continue;
      }
      String message = ProtobufRoots.shortName(next);
      List<String> fields = new ArrayList<>();
      for (FieldDescriptor field : sorted(next)) {
        String name = jsonName(message, field);
        boolean keeps = kept.contains(name) || kept.contains(message + "." + name);
        keeps &= !kept.contains("-" + message + "." + name);
        String mark = keeps && isPlain(field) ? "*" : "";
        fields.add(field.getNumber() + "\t" + name + "\t" + mark + type(message, field, queue));
      }
      messages.put(message, fields);
    }
    StringBuilder table = new StringBuilder();
    table.append(
        "# Fields of the protobuf messages: message, number, JSON name, type. Made by ProtobufTableTest from the"
            + " descriptors in io.kubernetes:client-java-proto (Apache License 2.0).\n");
    messages.forEach(
        (name, fields) -> fields.forEach(field -> table.append(name + "\t" + field + "\n")));
    return table.toString();
  }

  private static List<FieldDescriptor> sorted(Descriptor message) {
    return message.getFields().stream()
        .sorted(Comparator.comparingInt(FieldDescriptor::getNumber))
        .toList();
  }

  private static boolean isPlain(FieldDescriptor field) {
    return !field.isRepeated() && field.getJavaType() != FieldDescriptor.JavaType.MESSAGE;
  }

  private static String jsonName(String message, FieldDescriptor field) {
    String name = ProtobufRoots.jsonName(field);
    if (!message.equals("apiextensions.v1.JSONSchemaProps")) {
      return name;
    }
    if (name.startsWith("xKubernetes")) {
      return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
    return name.equals("ref") || name.equals("schema") ? "$" + name : name;
  }

  private static String type(String message, FieldDescriptor field, List<Descriptor> queue) {
    if (field.isMapField()) {
      FieldDescriptor key = field.getMessageType().findFieldByNumber(1);
      assertEquals(FieldDescriptor.Type.STRING, key.getType(), field.getFullName());
      return "{}" + single(field.getMessageType().findFieldByNumber(2), queue);
    }
    String inline = INLINE.contains(message + " " + field.getName()) ? "^" : "";
    return (field.isRepeated() ? "[]" : inline) + single(field, queue);
  }

  private static String single(FieldDescriptor field, List<Descriptor> queue) {
    return switch (field.getType()) {
      case STRING -> "string";
      case BOOL -> "bool";
      case INT32 -> "int32";
      case INT64 -> "int64";
      case DOUBLE -> "double";
      case FLOAT -> "float";
      case BYTES -> "bytes";
      case MESSAGE -> message(field.getMessageType(), queue);
      default -> throw new AssertionError(field.getFullName() + " is a " + field.getType());
    };
  }

  private static String message(Descriptor type, List<Descriptor> queue) {
    String name = ProtobufRoots.shortName(type);
    List<FieldDescriptor> fields = type.getFields();
    boolean items =
        fields.size() == 1
            && fields.getFirst().getName().equals("items")
            && fields.getFirst().getType() == FieldDescriptor.Type.STRING;
    if (items) {
      return "items";
    }
    if (VALUES.containsKey(name)) {
      return VALUES.getOrDefault(name, "");
    }
    queue.add(type);
    return name;
  }

  /// Facts that no descriptor has: fields that Go holds as a pointer or writes without `omitempty`,
  /// so that a zero in them is a value.
  private static Set<String> kept() throws IOException {
    try (InputStream in = ProtobufTableTest.class.getResourceAsStream("kept-zeros.txt")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#") && !line.isBlank())
          .map(String::strip)
          .collect(Collectors.toSet());
    }
  }
}
