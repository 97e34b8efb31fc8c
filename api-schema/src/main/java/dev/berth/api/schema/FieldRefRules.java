package dev.berth.api.schema;

import dev.berth.api.Json;
import dev.berth.api.Quantity;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// What a pod may be told about itself (Kubernetes API, ObjectFieldSelector and
/// ResourceFieldSelector v1 core); the words are Kubernetes'.
final class FieldRefRules {
  static final Set<String> VARIABLE_FIELDS =
      Set.of(
          "metadata.name",
          "metadata.namespace",
          "metadata.uid",
          "spec.nodeName",
          "spec.serviceAccountName",
          "status.hostIP",
          "status.hostIPs",
          "status.podIP",
          "status.podIPs");

  private static final Set<String> RESOURCES =
      Set.of(
          "limits.cpu",
          "limits.ephemeral-storage",
          "limits.memory",
          "requests.cpu",
          "requests.ephemeral-storage",
          "requests.memory");

  private static final Pattern SUBSCRIPT = Pattern.compile("(.*)\\['([^']*)'\\]");
  private static final Set<String> SUBSCRIPTED = Set.of("metadata.annotations", "metadata.labels");
  private static final Set<String> CPU_UNITS = Set.of("1m", "1");
  private static final Set<String> BYTE_UNITS =
      Set.of("1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei");

  private FieldRefRules() {}

  /// `metadata.labels['KEY']` and the same of annotations are known besides `known`.
  static void field(JsonNode ref, Set<String> known, String path, List<FieldError> errors) {
    String field = Json.text(ref, "fieldPath");
    if (field.isEmpty()) {
      errors.add(FieldError.required(path + ".fieldPath", ""));
      return;
    }
    Matcher one = SUBSCRIPT.matcher(field);
    if (one.matches()) {
      if (!SUBSCRIPTED.contains(one.group(1))) {
        errors.add(
            FieldError.invalid(
                path + ".fieldPath",
                field,
                "error converting fieldPath: field label does not support subscript"));
      }
    } else if (!known.contains(field)) {
      errors.add(notSupported(path + ".fieldPath", field, known));
    }
  }

  private static FieldError notSupported(String path, String value, Set<String> known) {
    String list =
        String.join(", ", new TreeSet<>(known).stream().map(v -> "\"" + v + "\"").toList());
    return new FieldError(
        path,
        FieldError.NOT_SUPPORTED,
        "Unsupported value: \"" + value + "\": supported values: " + list);
  }

  /// In a volume the container must be named: a file belongs to all of them.
  static void resource(JsonNode ref, boolean volume, String path, List<FieldError> errors) {
    if (volume && Json.text(ref, "containerName").isEmpty()) {
      errors.add(FieldError.required(path + ".containerName", ""));
    }
    String resource = Json.text(ref, "resource");
    if (resource.isEmpty()) {
      errors.add(FieldError.required(path + ".resource", ""));
    } else if (!RESOURCES.contains(resource)) {
      errors.add(notSupported(path + ".resource", resource, RESOURCES));
    } else {
      divisor(ref, resource.substring(resource.indexOf('.') + 1), path + ".divisor", errors);
    }
  }

  private static void divisor(JsonNode ref, String name, String path, List<FieldError> errors) {
    Optional<Quantity> divisor = Quantity.tryParse(Json.text(ref, "divisor"));
    Set<String> units = name.equals("cpu") ? CPU_UNITS : BYTE_UNITS;
    boolean fits =
        divisor.isEmpty()
            || divisor.get().amount().signum() == 0
            || units.stream().anyMatch(unit -> Quantity.parse(unit).compareTo(divisor.get()) == 0);
    if (!fits) {
      errors.add(
          FieldError.invalid(
              path,
              Json.text(ref, "divisor"),
              name.equals("cpu")
                  ? "only divisor's values 1m and 1 are supported with the cpu resource"
                  : "only divisor's values 1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei"
                      + " are supported with the "
                      + name
                      + " resource"));
    }
  }
}
