package dev.berth.controller.customkind;

import dev.berth.api.Conditions;
import dev.berth.api.GroupVersionKind;
import dev.berth.api.Json;
import dev.berth.api.ResourceType;
import dev.berth.api.schema.FieldType.ObjectType;
import dev.berth.api.schema.KindSchema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One version of a kind that a definition brings.
///
/// @param stored the `apiVersion` that objects are stored with, whatever version they came in
/// @param fills whether an object that is read may lack a default of this version's schema
/// @param definition the version as it stands in the definition
public record CustomKind(KindSchema schema, String stored, boolean fills, JsonNode definition) {

  /// The versions that are served; none before the definition is established.
  public static List<CustomKind> of(ObjectNode definition) {
    List<CustomKind> kinds = new ArrayList<>();
    if (!Conditions.isTrue(definition, "Established")) {
      return kinds;
    }
    for (JsonNode version : Json.at(definition, "spec", "versions")) {
      if (version.path("served").asBoolean(false)) {
        kinds.add(of(definition, version));
      }
    }
    return kinds;
  }

  /// What objects are stored as, be that version served or not; empty before the definition is
  /// established.
  public static Optional<ResourceType> storedType(ObjectNode definition) {
    return Conditions.isTrue(definition, "Established")
        ? storage(definition.path("spec")).map(version -> type(definition, version))
        : Optional.empty();
  }

  private static CustomKind of(JsonNode definition, JsonNode version) {
    JsonNode spec = definition.path("spec");
    ResourceType type = type(definition, version);
    JsonNode schema = Json.at(version, "schema", "openAPIV3Schema");
    ObjectType root = SchemaTypes.root(type, schema);
    SchemaDefaults defaults = new SchemaDefaults(schema, root);
    KindSchema kind =
        KindSchema.custom(
            type,
            root,
            defaults::apply,
            new SchemaRules(schema)::check,
            SchemaColumns.of(version.path("additionalPrinterColumns")));
    String storage = storage(spec).map(each -> Json.text(each, "name")).orElse("");
    String stored = spec.path("group").asString("") + "/" + storage;
    return new CustomKind(kind, stored, defaults.hasAny(), version);
  }

  /// The version that objects are stored in.
  private static Optional<JsonNode> storage(JsonNode spec) {
    return spec.path("versions")
        .valueStream()
        .filter(version -> version.path("storage").asBoolean(false))
        .findFirst();
  }

  /// By the names that were accepted: others that the spec asks for meanwhile may be somebody
  /// else's.
  private static ResourceType type(JsonNode definition, JsonNode version) {
    JsonNode spec = definition.path("spec");
    JsonNode accepted = Json.at(definition, "status", "acceptedNames");
    JsonNode names = Json.text(accepted, "plural").isEmpty() ? spec.path("names") : accepted;
    String kind = Json.text(names, "kind");
    String singular = Json.text(names, "singular");
    Set<String> subresources = new HashSet<>();
    if (version.path("subresources").path("status").isObject()) {
      subresources.add("status");
    }
    if (version.path("subresources").path("scale").isObject()) {
      subresources.add("scale");
    }
    return new ResourceType(
        new GroupVersionKind(Json.text(spec, "group"), Json.text(version, "name"), kind),
        Json.text(names, "plural"),
        singular.isEmpty() ? kind.toLowerCase(Locale.ROOT) : singular,
        Json.text(spec, "scope").equals("Namespaced"),
        texts(names.path("shortNames")),
        texts(names.path("categories")),
        subresources);
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(each -> texts.add(each.asString("")));
    return texts;
  }
}
