package dev.berth.api.schema;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.LabelSelector;
import dev.berth.api.Names;
import dev.berth.api.ResourceType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/// Names, labels, annotations and owners: the same for every kind.
final class MetadataRules {
  static final String SUBDOMAIN_RULE =
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end"
          + " with an alphanumeric character (e.g. 'example.com', regex used for validation is"
          + " '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
  static final String LABEL_RULE =
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an"
          + " alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is"
          + " '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
  static final String DNS_1035_RULE =
      "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end"
          + " with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is"
          + " '[a-z]([-a-z0-9]*[a-z0-9])?')";
  static final String KEY_RULE =
      "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric"
          + " character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is"
          + " '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
  private static final String VALUE_RULE =
      "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end"
          + " with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is"
          + " '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
  private static final String SEGMENT_RULE = "may not be '.' or '..' or contain '/' or '%'";
  private static final int MAX_ANNOTATIONS = 256 << 10;

  private MetadataRules() {}

  static void check(JsonNode object, ResourceType type, List<FieldError> errors) {
    name(object, type, errors);
    labels(Json.at(object, "metadata", "labels"), "metadata.labels", errors);
    annotations(Json.at(object, "metadata", "annotations"), errors);
    JsonNode owners = Json.at(object, "metadata", "ownerReferences");
    for (int i = 0; i < owners.size(); i++) {
      owner(owners.path(i), "metadata.ownerReferences[" + i + "]", errors);
    }
  }

  private static boolean isPathSegment(String name) {
    return !name.equals(".")
        && !name.equals("..")
        && name.indexOf('/') < 0
        && name.indexOf('%') < 0;
  }

  private static void name(JsonNode object, ResourceType type, List<FieldError> errors) {
    if (!type.stored()) {
      return;
    }
    String name = Json.name(object);
    if (name.isEmpty()) {
      errors.add(FieldError.required("metadata.name", "name or generateName is required"));
      return;
    }
    Predicate<String> ok = Names::isDnsSubdomain;
    String rule = SUBDOMAIN_RULE;
    if (type.gvk().group().equals("rbac.authorization.k8s.io")) {
      ok = MetadataRules::isPathSegment;
      rule = SEGMENT_RULE;
    } else if (type.equals(Kinds.NAMESPACE)) {
      ok = Names::isDnsLabel;
      rule = LABEL_RULE;
    } else if (type.equals(Kinds.SERVICE) || type.equals(Kinds.MODEL_APP)) {
      ok = Names::isDns1035Label;
      rule = DNS_1035_RULE;
    }
    if (!ok.test(name)) {
      errors.add(FieldError.invalid("metadata.name", name, rule));
    }
  }

  static void labels(JsonNode labels, String path, List<FieldError> errors) {
    for (Map.Entry<String, JsonNode> label : labels.properties()) {
      if (!Names.isQualified(label.getKey())) {
        errors.add(FieldError.invalid(path, label.getKey(), KEY_RULE));
      }
      String value = label.getValue().asString("");
      if (!Names.isLabelValue(value)) {
        errors.add(FieldError.invalid(path, value, VALUE_RULE));
      }
    }
  }

  private static void annotations(JsonNode annotations, List<FieldError> errors) {
    long size = 0;
    for (Map.Entry<String, JsonNode> annotation : annotations.properties()) {
      if (!Names.isQualified(annotation.getKey())) {
        errors.add(FieldError.invalid("metadata.annotations", annotation.getKey(), KEY_RULE));
      }
      size += annotation.getKey().length();
      size += annotation.getValue().asString("").getBytes(StandardCharsets.UTF_8).length;
    }
    if (size > MAX_ANNOTATIONS) {
      errors.add(
          new FieldError(
              "metadata.annotations",
              FieldError.TOO_LONG,
              "Too long: may not be more than " + MAX_ANNOTATIONS + " bytes"));
    }
  }

  private static void owner(JsonNode owner, String path, List<FieldError> errors) {
    for (String field : List.of("apiVersion", "kind", "name", "uid")) {
      if (Json.text(owner, field).isEmpty()) {
        errors.add(FieldError.required(path + "." + field, ""));
      }
    }
  }

  /// The object form of a selector, where it is one; whoever acts on a stored one may rely on that.
  static Optional<LabelSelector> selector(JsonNode selector, String path, List<FieldError> errors) {
    try {
      return Optional.of(LabelSelector.of(selector));
    } catch (IllegalArgumentException e) {
      errors.add(FieldError.invalid(path, selector, String.valueOf(e.getMessage())));
      return Optional.empty();
    }
  }
}
