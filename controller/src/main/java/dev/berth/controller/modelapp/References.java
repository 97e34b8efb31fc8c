package dev.berth.controller.modelapp;

import dev.berth.api.Json;
import dev.berth.api.modelapp.Workload;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Secrets and ConfigMaps that a spec names, against those that there are.
final class References {
  private References() {}

  /// The keys of every Secret and ConfigMap of a namespace, by name.
  record Present(Map<String, Set<String>> secrets, Map<String, Set<String>> configMaps) {
    static final Present NOTHING = new Present(Map.of(), Map.of());

    static Present of(List<ObjectNode> secrets, List<ObjectNode> configMaps) {
      return new Present(keys(secrets), keys(configMaps));
    }

    private static Map<String, Set<String>> keys(List<ObjectNode> objects) {
      return objects.stream().collect(Collectors.toMap(Json::name, Present::keys));
    }

    private static Set<String> keys(ObjectNode object) {
      Set<String> keys = new HashSet<>(object.path("data").propertyNames());
      keys.addAll(object.path("binaryData").propertyNames());
      return keys;
    }

    private Map<String, Set<String>> of(Kind kind) {
      return kind == Kind.SECRET ? secrets : configMaps;
    }
  }

  private enum Kind {
    SECRET("Secret"),
    CONFIG_MAP("ConfigMap");

    private final String text;

    Kind(String text) {
      this.text = text;
    }
  }

  /// One place that names something.
  private record Reference(Kind kind, String field, String name, String key, boolean optional) {
    Optional<Finding> missing(String namespace, Present present) {
      Set<String> keys = present.of(kind).get(name);
      if (optional || name.isEmpty() || (keys != null && (key.isEmpty() || keys.contains(key)))) {
        return Optional.empty();
      }
      return Optional.of(
          keys == null
              ? Finding.no(
                  kind.text + "NotFound",
                  field
                      + " names "
                      + kind.text
                      + " "
                      + name
                      + (key.isEmpty() ? "" : " (key " + key + ")")
                      + ", which namespace "
                      + namespace
                      + " does not have: create it, or correct the name")
              : Finding.no(
                  kind.text + "KeyNotFound",
                  field
                      + " names key "
                      + key
                      + " of "
                      + kind.text
                      + " "
                      + name
                      + ", which has "
                      + have(keys)
                      + ": add the key, or correct it"));
    }

    private static String have(Set<String> keys) {
      return keys.isEmpty()
          ? "no keys"
          : "only " + keys.stream().sorted().collect(Collectors.joining(", "));
    }
  }

  /// The first reference of the component that leads nowhere.
  static Optional<Finding> missing(
      String component, Workload workload, String namespace, Present present) {
    String spec = "spec." + component;
    JsonNode template = workload.podTemplate();
    return Stream.of(
            variables(spec + ".env", workload.env()),
            containers(spec + ".podTemplate.containers", template.path("containers")),
            volumes(spec + ".podTemplate.volumes", template.path("volumes")))
        .flatMap(Function.identity())
        .flatMap(reference -> reference.missing(namespace, present).stream())
        .findFirst();
  }

  private static Stream<Reference> containers(String field, JsonNode containers) {
    return each(containers)
        .flatMap(
            container ->
                Stream.concat(
                    variables(field + ".env", container.path("env")),
                    each(container.path("envFrom")).flatMap(from -> whole(field, from))));
  }

  private static Stream<Reference> whole(String field, JsonNode from) {
    return Stream.of(
        named(Kind.SECRET, field + ".envFrom", from.path("secretRef"), "name"),
        named(Kind.CONFIG_MAP, field + ".envFrom", from.path("configMapRef"), "name"));
  }

  private static Stream<Reference> variables(String field, JsonNode env) {
    return each(env)
        .flatMap(
            variable -> {
              String place = field + "[" + Json.text(variable, "name") + "]";
              JsonNode from = variable.path("valueFrom");
              return Stream.of(
                  named(Kind.SECRET, place, from.path("secretKeyRef"), "name"),
                  named(Kind.CONFIG_MAP, place, from.path("configMapKeyRef"), "name"));
            });
  }

  private static Stream<Reference> volumes(String field, JsonNode volumes) {
    return each(volumes)
        .flatMap(
            volume -> {
              String place = field + "[" + Json.text(volume, "name") + "]";
              return Stream.of(
                  named(Kind.SECRET, place, volume.path("secret"), "secretName"),
                  named(Kind.CONFIG_MAP, place, volume.path("configMap"), "name"));
            });
  }

  private static Reference named(Kind kind, String field, JsonNode reference, String name) {
    return new Reference(
        kind,
        field,
        Json.text(reference, name),
        Json.text(reference, "key"),
        reference.path("optional").asBoolean(false));
  }

  private static Stream<JsonNode> each(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false);
  }
}
