package dev.berth.api.schema;

import dev.berth.api.schema.FieldType.ListKind;
import dev.berth.api.schema.FieldType.ListType;
import dev.berth.api.schema.FieldType.MapType;
import dev.berth.api.schema.FieldType.ObjectType;
import dev.berth.api.schema.FieldType.Scalar;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads the committed table of built-in kinds. A type is resolved once, from the bottom up; the
/// served kinds have no type that contains itself.
final class BuiltinTable {
  /// Types whose values server-side apply owns as one (`structType=atomic` in the Kubernetes API),
  /// unless a field says `granular`.
  private static final Set<String> ATOMIC =
      Set.of(
          "ConfigMapKeySelector",
          "CrossVersionObjectReference",
          "EndpointAddress",
          "EndpointPort",
          "FileKeySelector",
          "LabelSelector",
          "LocalObjectReference",
          "NodeSelector",
          "NodeSelectorTerm",
          "ObjectFieldSelector",
          "ObjectReference",
          "ResourceFieldSelector",
          "RoleRef",
          "ScopeSelector",
          "ScopedResourceSelectorRequirement",
          "SecretKeySelector",
          "SecretReference",
          "Subject",
          "TopologySelectorTerm",
          "TypedLocalObjectReference");

  static final BuiltinTable INSTANCE = load();

  /// Type name to its lines: field, value type, merge facts.
  private final Map<String, Map<String, String[]>> rows;

  private final Map<String, ObjectType> resolved = new HashMap<>();

  private BuiltinTable(Map<String, Map<String, String[]>> rows) {
    this.rows = rows;
  }

  private static BuiltinTable load() {
    Map<String, Map<String, String[]>> rows = new HashMap<>();
    try (InputStream in = BuiltinTable.class.getResourceAsStream("builtin-kinds.tsv")) {
      if (in == null) {
        throw new IllegalStateException("builtin-kinds.tsv is not on the class path");
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (String line : text.lines().toList()) {
        if (!line.startsWith("#")) {
          String[] row = line.split("\t", -1);
          rows.computeIfAbsent(row[0], _ -> new LinkedHashMap<>()).put(row[1], row);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new BuiltinTable(rows);
  }

  synchronized ObjectType type(String name) {
    ObjectType known = resolved.get(name);
    if (known != null) {
      return known;
    }
    Map<String, Field> fields = new LinkedHashMap<>();
    rows.getOrDefault(name, Map.of()).forEach((field, row) -> fields.put(field, field(row)));
    boolean atomic = ATOMIC.contains(name.substring(name.lastIndexOf('.') + 1));
    ObjectType type = new ObjectType(name, fields, false, atomic);
    resolved.put(name, type);
    return type;
  }

  private Field field(String[] row) {
    Map<String, String> facts = facts(row[3]);
    String patch = facts.getOrDefault("patch", "");
    Field.Merge merge =
        patch.contains("retainKeys")
            ? Field.Merge.RETAIN_KEYS
            : patch.equals("replace") ? Field.Merge.REPLACE : Field.Merge.DEEP;
    return new Field(valueType(row[2], facts), false, merge, Constraints.NONE, "");
  }

  private FieldType valueType(String text, Map<String, String> facts) {
    if (text.startsWith("[]")) {
      return list(valueType(text.substring(2), Map.of()), facts);
    }
    if (text.startsWith("{}")) {
      boolean atomic = facts.getOrDefault("map", "").equals("atomic");
      return new MapType(valueType(text.substring(2), Map.of()), atomic);
    }
    return switch (text) {
      case "string" -> Scalar.STRING;
      case "integer" -> Scalar.INTEGER;
      case "int32" -> Scalar.INT32;
      case "number" -> Scalar.NUMBER;
      case "boolean" -> Scalar.BOOLEAN;
      case "quantity" -> Scalar.QUANTITY;
      case "int-or-string" -> Scalar.INT_OR_STRING;
      case "time" -> Scalar.TIME;
      case "bytes" -> Scalar.BYTES;
      case "any" -> FieldType.ANY;
      default -> {
        ObjectType type = type(text);
        boolean granular = facts.getOrDefault("map", "").equals("granular");
        yield granular ? new ObjectType(type.name(), type.fields(), false, false) : type;
      }
    };
  }

  private static ListType list(FieldType element, Map<String, String> facts) {
    ListKind kind =
        switch (facts.getOrDefault("list", "atomic")) {
          case "map" -> ListKind.MAP;
          case "set" -> ListKind.SET;
          default -> ListKind.ATOMIC;
        };
    String keys = facts.getOrDefault("keys", "");
    return new ListType(
        element,
        facts.getOrDefault("patch", "").startsWith("merge"),
        Optional.ofNullable(facts.get("key")),
        kind,
        keys.isEmpty() ? List.of() : List.of(keys.split(",")));
  }

  private static Map<String, String> facts(String text) {
    Map<String, String> facts = new HashMap<>();
    for (String fact : text.isEmpty() ? new String[0] : text.split(" ")) {
      int equals = fact.indexOf('=');
      facts.put(fact.substring(0, equals), fact.substring(equals + 1));
    }
    return facts;
  }
}
