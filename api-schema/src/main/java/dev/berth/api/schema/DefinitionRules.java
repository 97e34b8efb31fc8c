package dev.berth.api.schema;

import static dev.berth.api.schema.PodDefaults.put;

import dev.berth.api.Json;
import dev.berth.api.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Rules and defaults of CustomResourceDefinitions. What their schemas mean is for whoever serves
/// the kind.
final class DefinitionRules {
  /// Names only: no array can be on the way to the replicas (Kubernetes: CustomResourceSubresource
  /// Scale).
  private static final Pattern SCALE_PATH = Pattern.compile("(\\.[A-Za-z0-9_-]{1,63}){2,16}");

  private DefinitionRules() {}

  static void defaults(ObjectNode definition) {
    if (definition.path("spec").get("names") instanceof ObjectNode names) {
      String kind = Json.text(names, "kind");
      put(names, "singular", kind.toLowerCase(Locale.ROOT));
      put(names, "listKind", kind + "List");
    }
    put(Json.ensure(definition, "spec", "conversion"), "strategy", "None");
    for (JsonNode version : Json.at(definition, "spec", "versions")) {
      DefinitionSchemas.dropUnknown(Json.at(version, "schema", "openAPIV3Schema"));
    }
  }

  static void check(JsonNode definition, List<FieldError> errors) {
    JsonNode spec = definition.path("spec");
    String group = Json.text(spec, "group");
    if (group.isEmpty()) {
      errors.add(FieldError.required("spec.group", ""));
    } else if (!Names.isDnsSubdomain(group) || !group.contains(".")) {
      errors.add(
          FieldError.invalid("spec.group", group, "should be a domain with at least one dot"));
    }
    names(spec.path("names"), errors);
    String name = Json.text(spec, "names", "plural") + "." + group;
    if (!Json.name(definition).equals(name)) {
      errors.add(
          FieldError.invalid(
              "metadata.name",
              Json.name(definition),
              "must be spec.names.plural+\".\"+spec.group"));
    }
    if (Json.text(spec, "scope").isEmpty()) {
      errors.add(FieldError.required("spec.scope", ""));
    }
    ContainerRules.supported(spec, "scope", Set.of("Cluster", "Namespaced"), "spec", errors);
    conversion(Json.text(spec, "conversion", "strategy"), errors);
    versions(spec.path("versions"), errors);
  }

  /// Taken as None, objects would lose what only the other version has.
  private static void conversion(String strategy, List<FieldError> errors) {
    if (strategy.equals("Webhook")) {
      errors.add(
          FieldError.invalid(
              "spec.conversion.strategy",
              strategy,
              "webhooks are not called here: use None, with versions of the same fields, or keep"
                  + " only one version"));
    }
  }

  private static void names(JsonNode names, List<FieldError> errors) {
    for (String field : List.of("plural", "kind")) {
      String value = Json.text(names, field);
      if (value.isEmpty()) {
        errors.add(FieldError.required("spec.names." + field, ""));
      } else if (!Names.isDns1035Label(value.toLowerCase(Locale.ROOT))) {
        errors.add(FieldError.invalid("spec.names." + field, value, MetadataRules.DNS_1035_RULE));
      }
    }
  }

  private static void versions(JsonNode versions, List<FieldError> errors) {
    int storage = 0;
    Set<String> names = new HashSet<>();
    for (int i = 0; i < versions.size(); i++) {
      JsonNode version = versions.path(i);
      String path = "spec.versions[" + i + "]";
      String name = Json.text(version, "name");
      if (!Names.isDns1035Label(name)) {
        errors.add(FieldError.invalid(path + ".name", name, MetadataRules.DNS_1035_RULE));
      } else if (!names.add(name)) {
        errors.add(FieldError.duplicate(path + ".name", name));
      }
      JsonNode schema = Json.at(version, "schema", "openAPIV3Schema");
      if (schema.isObject()) {
        errors.addAll(DefinitionSchemas.check(schema, path + ".schema.openAPIV3Schema"));
      } else {
        errors.add(FieldError.required(path + ".schema.openAPIV3Schema", "schemas are required"));
      }
      JsonNode scale = Json.at(version, "subresources", "scale");
      if (scale.isObject()) {
        scale(scale, path + ".subresources.scale", errors);
      }
      storage += version.path("storage").asBoolean(false) ? 1 : 0;
    }
    if (storage != 1) {
      errors.add(
          FieldError.invalid(
              "spec.versions",
              versions.isMissingNode() ? Json.array() : versions,
              "must have exactly one version marked as storage version"));
    }
  }

  private static void scale(JsonNode scale, String path, List<FieldError> errors) {
    scalePath(scale, "specReplicasPath", List.of(".spec."), path, errors);
    scalePath(scale, "statusReplicasPath", List.of(".status."), path, errors);
    if (!Json.text(scale, "labelSelectorPath").isEmpty()) {
      scalePath(scale, "labelSelectorPath", List.of(".status.", ".spec."), path, errors);
    }
  }

  private static void scalePath(
      JsonNode scale, String field, List<String> roots, String path, List<FieldError> errors) {
    String value = Json.text(scale, field);
    if (value.isEmpty()) {
      errors.add(FieldError.required(path + "." + field, ""));
    } else if (!SCALE_PATH.matcher(value).matches()) {
      errors.add(FieldError.invalid(path + "." + field, value, "must be names with a dot before"));
    } else if (roots.stream().noneMatch(value::startsWith)) {
      String rule = "should be a json path under " + String.join(" or ", roots);
      errors.add(FieldError.invalid(path + "." + field, value, rule));
    }
  }

  static void checkUpdate(JsonNode old, JsonNode changed, List<FieldError> errors) {
    for (String field : List.of("spec.group", "spec.scope", "spec.names.plural")) {
      WorkloadRules.unchanged(old, changed, field, errors);
    }
  }
}
