package dev.berth.api.schema;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.berth.api.codec.ProtobufRoots;
import dev.berth.api.codec.ProtobufTableTest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// Types of the groups that have no model classes here, from the protobuf descriptors. The types of
/// a schema within a CustomResourceDefinition contain themselves: such a schema is anything.
final class MessageTypes {
  /// Groups whose root kinds come from the descriptors.
  private static final Set<String> GROUPS =
      Set.of(
          "apiextensions",
          "authentication",
          "authorization",
          "autoscaling",
          "batch",
          "certificates",
          "events",
          "networking",
          "node",
          "policy",
          "rbac",
          "scheduling",
          "storage");

  /// Root kinds of groups with model classes that those do not have.
  private static final Set<String> OTHERS = Set.of("core.v1.Binding", "meta.v1.DeleteOptions");

  private static final Map<String, String> VALUES =
      Map.ofEntries(
          Map.entry("meta.v1.Time", "time"),
          Map.entry("meta.v1.MicroTime", "time"),
          Map.entry("api.resource.Quantity", "quantity"),
          Map.entry("util.intstr.IntOrString", "int-or-string"),
          Map.entry("pkg.runtime.RawExtension", "any"),
          Map.entry("meta.v1.FieldsV1", "any"),
          Map.entry("apiextensions.v1.JSON", "any"),
          Map.entry("apiextensions.v1.JSONSchemaProps", "any"));

  private MessageTypes() {}

  /// Adds the types that are not there yet.
  static void add(Map<String, List<String>> types, Map<String, String> facts) {
    Set<String> seen = new HashSet<>();
    List<Descriptor> queue = new ArrayList<>();
    for (Descriptor root : ProtobufRoots.all()) {
      String name = ProtobufRoots.shortName(root);
      if (GROUPS.contains(name.substring(0, name.indexOf('.'))) || OTHERS.contains(name)) {
        queue.add(root);
      }
    }
    Set<String> roots = new HashSet<>();
    queue.forEach(root -> roots.add(root.getFullName()));
    while (!queue.isEmpty()) {
      Descriptor next = queue.removeLast();
      String name = schemaName(ProtobufRoots.shortName(next));
      if (!seen.add(name) || types.containsKey(name)) {
        continue;
      }
      List<String> fields = new ArrayList<>();
      if (roots.contains(next.getFullName())) {
        fields.add("apiVersion\tstring\t");
        fields.add("kind\tstring\t");
      }
      for (FieldDescriptor field : flat(next)) {
        String json = ProtobufRoots.jsonName(field);
        String fact = facts.getOrDefault(name + " " + json, "");
        fields.add(json + "\t" + type(field, queue) + "\t" + fact);
      }
      fields.sort(Comparator.naturalOrder());
      types.put(name, fields);
    }
  }

  /// Structs that Go embeds have their fields in the parent.
  private static List<FieldDescriptor> flat(Descriptor message) {
    return message.getFields().stream()
        .flatMap(
            field ->
                ProtobufTableTest.INLINE.contains(
                        ProtobufRoots.shortName(message) + " " + field.getName())
                    ? flat(field.getMessageType()).stream()
                    : Stream.of(field))
        .toList();
  }

  private static String schemaName(String shortName) {
    if (shortName.startsWith("meta.")) {
      return "io.k8s.apimachinery.pkg.apis." + shortName;
    }
    return shortName.startsWith("apiextensions.")
        ? "io.k8s.apiextensions-apiserver.pkg.apis." + shortName
        : "io.k8s.api." + shortName;
  }

  private static String type(FieldDescriptor field, List<Descriptor> queue) {
    if (field.isMapField()) {
      return "{}" + single(field.getMessageType().findFieldByNumber(2), queue);
    }
    return (field.isRepeated() ? "[]" : "") + single(field, queue);
  }

  private static String single(FieldDescriptor field, List<Descriptor> queue) {
    return switch (field.getType()) {
      case STRING -> "string";
      case BOOL -> "boolean";
      case INT32 -> "int32";
      case INT64 -> "integer";
      case DOUBLE, FLOAT -> "number";
      case BYTES -> "bytes";
      case MESSAGE -> message(field.getMessageType(), queue);
      default -> throw new AssertionError(field.getFullName() + " is a " + field.getType());
    };
  }

  private static String message(Descriptor type, List<Descriptor> queue) {
    String name = ProtobufRoots.shortName(type);
    if (name.endsWith(".ExtraValue")) {
      return "[]string";
    }
    if (VALUES.containsKey(name)) {
      return VALUES.getOrDefault(name, "");
    }
    queue.add(type);
    return schemaName(name);
  }
}
