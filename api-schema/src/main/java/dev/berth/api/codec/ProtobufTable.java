package dev.berth.api.codec;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The committed table of protobuf messages (`protobuf-fields.tsv`, made by ProtobufTableTest from
/// the published descriptors): message, field number, JSON name, type. Types and their marks:
///
/// ```
/// string int32 int64 bool double float bytes    as JSON has them (bytes as base64)
/// time micro-time quantity int-or-string        messages that are one JSON value
/// raw                                           bytes that are JSON
/// items                                         a message that only holds a list of texts
/// schema-or-array schema-or-bool schema-or-strings   unions in CustomResourceDefinitions
/// core.v1.PodSpec                               another message
/// []T {}T                                       a list; a map with text keys
/// ^T                                            a message whose fields are the parent's in JSON
/// *T                                            zero is a value: kept, not left out
/// ```
final class ProtobufTable {
  /// Kinds of the request machinery, which clients send in the group of what they act on.
  private static final Set<String> META =
      Set.of("DeleteOptions", "CreateOptions", "UpdateOptions", "PatchOptions", "Status");

  private static final Map<String, Message> MESSAGES = load();

  private ProtobufTable() {}

  enum Shape {
    ONE,
    LIST,
    MAP,
    INLINE
  }

  /// `type` is a type of the table without its marks.
  record Field(String name, Shape shape, String type, boolean keepsZero) {
    static Field of(String name, String text) {
      boolean keeps = text.startsWith("*");
      String rest = keeps ? text.substring(1) : text;
      if (rest.startsWith("[]")) {
        return new Field(name, Shape.LIST, rest.substring(2), keeps);
      }
      if (rest.startsWith("{}")) {
        return new Field(name, Shape.MAP, rest.substring(2), keeps);
      }
      return rest.startsWith("^")
          ? new Field(name, Shape.INLINE, rest.substring(1), keeps)
          : new Field(name, Shape.ONE, rest, keeps);
    }
  }

  record Message(String name, Map<Integer, Field> fields) {}

  /// The message of a kind, where the table has one. Only groups of Kubernetes itself have.
  static Optional<Message> messageOf(String apiVersion, String kind) {
    if (META.contains(kind)) {
      return Optional.of(message("meta.v1." + kind));
    }
    int slash = apiVersion.indexOf('/');
    String group = slash < 0 ? "core" : apiVersion.substring(0, slash);
    int dot = group.indexOf('.');
    if (dot >= 0 && !group.endsWith(".k8s.io")) {
      return Optional.empty();
    }
    String first = dot < 0 ? group : group.substring(0, dot);
    String version = apiVersion.substring(slash + 1);
    String name = "%s.%s.%s".formatted(first.toLowerCase(Locale.ROOT), version, kind);
    return Optional.ofNullable(MESSAGES.get(name));
  }

  static Message message(String name) {
    Message message = MESSAGES.get(name);
    if (message == null) {
      throw new IllegalStateException("protobuf-fields.tsv lacks " + name);
    }
    return message;
  }

  static Map<String, Message> messages() {
    return MESSAGES;
  }

  private static Map<String, Message> load() {
    Map<String, Message> messages = new HashMap<>();
    try (InputStream in = ProtobufTable.class.getResourceAsStream("protobuf-fields.tsv")) {
      if (in == null) {
        throw new IllegalStateException("protobuf-fields.tsv is not on the class path");
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (String line : text.lines().toList()) {
        if (!line.startsWith("#")) {
          String[] row = line.split("\t", -1);
          messages
              .computeIfAbsent(row[0], name -> new Message(name, new HashMap<>()))
              .fields()
              .put(Integer.valueOf(row[1]), Field.of(row[2], row[3]));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    withoutFields(messages);
    return messages;
  }

  /// A message without fields has no row; it is known by the fields that hold one.
  private static void withoutFields(Map<String, Message> messages) {
    List<Field> all =
        messages.values().stream().flatMap(message -> message.fields().values().stream()).toList();
    for (Field field : all) {
      if (field.type().indexOf('.') >= 0) {
        messages.computeIfAbsent(field.type(), name -> new Message(name, Map.of()));
      }
    }
  }
}
