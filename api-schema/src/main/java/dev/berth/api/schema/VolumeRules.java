package dev.berth.api.schema;

import dev.berth.api.Json;
import dev.berth.api.Names;
import dev.berth.api.Quantity;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Rules of a pod's volumes and of the mounts of them (Kubernetes API, Volume v1 core); the words
/// are Kubernetes'. That a mount's path is absolute is our own rule: nothing here says what it
/// would be relative to.
final class VolumeRules {
  private static final String MODE_RULE =
      "must be a number between 0 and 0777 (octal), both inclusive";
  private static final String ONE_TYPE = "may not specify more than 1 volume type";
  private static final Set<String> PROJECTED =
      Set.of(
          "configMap",
          "secret",
          "downwardAPI",
          "serviceAccountToken",
          "clusterTrustBundle",
          "podCertificate");
  private static final Set<String> FILE_FIELDS =
      Set.of(
          "metadata.annotations",
          "metadata.labels",
          "metadata.name",
          "metadata.namespace",
          "metadata.uid");
  private static final int MAX_MODE = 0777;
  private static final long LEAST_SECONDS = 600;
  private static final long MOST_SECONDS = 1L << 32;

  private VolumeRules() {}

  /// `claims` are volumes that pods get besides those of the spec.
  static void check(JsonNode spec, Set<String> claims, String path, List<FieldError> errors) {
    Set<String> names = volumes(spec.path("volumes"), path + ".volumes", errors);
    names.addAll(claims);
    for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
      JsonNode containers = spec.path(list);
      for (int i = 0; i < containers.size(); i++) {
        String at = path + "." + list + "[" + i + "].volumeMounts";
        mounts(containers.path(i).path("volumeMounts"), names, at, errors);
      }
    }
  }

  private static Set<String> volumes(JsonNode volumes, String path, List<FieldError> errors) {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < volumes.size(); i++) {
      JsonNode volume = volumes.path(i);
      String at = path + "[" + i + "]";
      String name = Json.text(volume, "name");
      if (name.isEmpty()) {
        errors.add(FieldError.required(at + ".name", ""));
      } else if (!Names.isDnsLabel(name)) {
        errors.add(FieldError.invalid(at + ".name", name, MetadataRules.LABEL_RULE));
      } else if (!names.add(name)) {
        errors.add(FieldError.duplicate(at + ".name", name));
      }
      source(volume, at, errors);
    }
    return names;
  }

  private static void source(JsonNode volume, String path, List<FieldError> errors) {
    List<String> kinds =
        volume.properties().stream()
            .filter(entry -> !entry.getKey().equals("name") && entry.getValue().isObject())
            .map(entry -> entry.getKey())
            .toList();
    if (kinds.isEmpty()) {
      errors.add(FieldError.required(path, "must specify a volume type"));
    }
    kinds.stream()
        .skip(1)
        .forEach(kind -> errors.add(FieldError.forbidden(path + "." + kind, ONE_TYPE)));
    payload(volume, path, errors);
    emptyDir(volume.path("emptyDir"), path + ".emptyDir", errors);
    projected(volume.path("projected"), path + ".projected", errors);
  }

  private static void emptyDir(JsonNode dir, String path, List<FieldError> errors) {
    boolean negative =
        Quantity.tryParse(Json.text(dir, "sizeLimit")).map(Quantity::isNegative).orElse(false);
    if (negative) {
      errors.add(
          FieldError.forbidden(
              path + ".sizeLimit", "SizeLimit field must be a valid resource quantity"));
    }
  }

  /// The kinds whose content the API has; they are sources of projected volumes too, where a secret
  /// goes by its `name`.
  private static void payload(JsonNode holder, String path, List<FieldError> errors) {
    for (String kind : List.of("configMap", "secret", "downwardAPI")) {
      JsonNode source = holder.path(kind);
      String at = path + "." + kind;
      mode(source, "defaultMode", at, errors);
      if (kind.equals("downwardAPI")) {
        files(source.path("items"), at + ".items", errors);
      } else {
        keys(source.path("items"), at + ".items", errors);
      }
    }
    if (holder.path("configMap").isObject() && Json.text(holder, "configMap", "name").isEmpty()) {
      errors.add(FieldError.required(path + ".configMap.name", ""));
    }
    boolean volume = holder.has("name");
    String field = volume ? "secretName" : "name";
    if (holder.path("secret").isObject() && Json.text(holder, "secret", field).isEmpty()) {
      errors.add(FieldError.required(path + ".secret." + field, ""));
    }
  }

  private static void mode(JsonNode holder, String field, String path, List<FieldError> errors) {
    JsonNode mode = holder.path(field);
    if (mode.isIntegralNumber()
        && (!mode.canConvertToInt() || mode.intValue() < 0 || mode.intValue() > MAX_MODE)) {
      errors.add(FieldError.invalid(path + "." + field, mode.numberValue(), MODE_RULE));
    }
  }

  private static void keys(JsonNode items, String path, List<FieldError> errors) {
    for (int i = 0; i < items.size(); i++) {
      String at = path + "[" + i + "]";
      if (Json.text(items.path(i), "key").isEmpty()) {
        errors.add(FieldError.required(at + ".key", ""));
      }
      filePath(items.path(i), at, errors);
      mode(items.path(i), "mode", at, errors);
    }
  }

  private static void files(JsonNode items, String path, List<FieldError> errors) {
    for (int i = 0; i < items.size(); i++) {
      JsonNode item = items.path(i);
      String at = path + "[" + i + "]";
      filePath(item, at, errors);
      mode(item, "mode", at, errors);
      boolean field = item.path("fieldRef").isObject();
      boolean resource = item.path("resourceFieldRef").isObject();
      if (field && resource) {
        errors.add(
            FieldError.invalid(
                at,
                "resource",
                "fieldRef and resourceFieldRef can not be specified simultaneously"));
      } else if (field) {
        FieldRefRules.field(item.path("fieldRef"), FILE_FIELDS, at + ".fieldRef", errors);
      } else if (resource) {
        String ref = at + ".resourceFieldRef";
        FieldRefRules.resource(item.path("resourceFieldRef"), true, ref, errors);
      } else {
        errors.add(FieldError.required(at, "one of fieldRef and resourceFieldRef is required"));
      }
    }
  }

  private static void filePath(JsonNode item, String path, List<FieldError> errors) {
    String file = Json.text(item, "path");
    if (file.isEmpty()) {
      errors.add(FieldError.required(path + ".path", ""));
      return;
    }
    within(file, path + ".path", errors);
    if (file.startsWith("..") && !isUpwards(file)) {
      errors.add(FieldError.invalid(path + ".path", file, "must not start with '..'"));
    }
  }

  /// Names a place below another, and no way out of it.
  private static void within(String file, String path, List<FieldError> errors) {
    if (file.startsWith("/")) {
      errors.add(FieldError.invalid(path, file, "must be a relative path"));
    }
    if (isUpwards(file)) {
      errors.add(FieldError.invalid(path, file, "must not contain '..'"));
    }
  }

  private static boolean isUpwards(String file) {
    return Stream.of(file.split("/", -1)).anyMatch(".."::equals);
  }

  private static void projected(JsonNode projected, String path, List<FieldError> errors) {
    mode(projected, "defaultMode", path, errors);
    JsonNode sources = projected.path("sources");
    for (int i = 0; i < sources.size(); i++) {
      JsonNode source = sources.path(i);
      String at = path + ".sources[" + i + "]";
      List<String> kinds =
          PROJECTED.stream().filter(kind -> source.path(kind).isObject()).sorted().toList();
      if (kinds.isEmpty()) {
        errors.add(FieldError.required(at, "must specify a volume type"));
      }
      kinds.stream()
          .skip(1)
          .forEach(kind -> errors.add(FieldError.forbidden(at + "." + kind, ONE_TYPE)));
      payload(source, at, errors);
      if (source.path("serviceAccountToken").isObject()) {
        token(source.path("serviceAccountToken"), at + ".serviceAccountToken", errors);
      }
    }
  }

  private static void token(JsonNode token, String path, List<FieldError> errors) {
    JsonNode seconds = token.path("expirationSeconds");
    if (seconds.isNumber() && seconds.asLong(LEAST_SECONDS) < LEAST_SECONDS) {
      errors.add(
          FieldError.invalid(
              path + ".expirationSeconds",
              seconds.numberValue(),
              "may not specify a duration less than 10 minutes"));
    } else if (seconds.isNumber() && seconds.asLong(0) > MOST_SECONDS) {
      errors.add(
          FieldError.invalid(
              path + ".expirationSeconds",
              seconds.numberValue(),
              "may not specify a duration larger than 2^32 seconds"));
    }
    filePath(token, path, errors);
  }

  private static void mounts(
      JsonNode mounts, Set<String> volumes, String path, List<FieldError> errors) {
    Set<String> places = new HashSet<>();
    for (int i = 0; i < mounts.size(); i++) {
      JsonNode mount = mounts.path(i);
      String at = path + "[" + i + "]";
      String name = Json.text(mount, "name");
      if (name.isEmpty()) {
        errors.add(FieldError.required(at + ".name", ""));
      } else if (!volumes.contains(name)) {
        errors.add(FieldError.notFound(at + ".name", name));
      }
      place(Json.text(mount, "mountPath"), places, at + ".mountPath", errors);
      subPaths(mount, at, errors);
      ContainerRules.supported(
          mount,
          "mountPropagation",
          Set.of("None", "HostToContainer", "Bidirectional"),
          at,
          errors);
    }
  }

  private static void place(
      String place, Set<String> places, String path, List<FieldError> errors) {
    if (place.isEmpty()) {
      errors.add(FieldError.required(path, ""));
    } else if (!place.startsWith("/")) {
      errors.add(FieldError.invalid(path, place, "must be an absolute path"));
    } else if (!places.add(normal(place))) {
      errors.add(FieldError.invalid(path, place, "must be unique"));
    }
  }

  /// `/data/` and `//data` are `/data`.
  private static String normal(String place) {
    return Stream.of(place.split("/", -1))
        .filter(part -> !part.isEmpty() && !part.equals("."))
        .collect(Collectors.joining("/"));
  }

  private static void subPaths(JsonNode mount, String path, List<FieldError> errors) {
    String sub = Json.text(mount, "subPath");
    String expression = Json.text(mount, "subPathExpr");
    if (!sub.isEmpty() && !expression.isEmpty()) {
      errors.add(
          FieldError.invalid(
              path + ".subPathExpr", expression, "subPathExpr and subPath are mutually exclusive"));
    }
    Optional.of(sub).filter(s -> !s.isEmpty()).ifPresent(s -> within(s, path + ".subPath", errors));
    Optional.of(expression)
        .filter(s -> !s.isEmpty())
        .ifPresent(s -> within(s, path + ".subPathExpr", errors));
  }
}
