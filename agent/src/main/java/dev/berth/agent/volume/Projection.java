package dev.berth.agent.volume;

import dev.berth.api.Json;
import dev.berth.api.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// From a `configMap`, `secret`, `downwardAPI` or `projected` volume to its files (kubernetes.io:
/// "Volumes", "Projected Volumes"). Pure but for the lookups that it is given.
///
/// @param objects kind and name, in the pod's namespace
/// @param tokens a `serviceAccountToken` source to a token
record Projection(
    DownwardApi pod,
    BiFunction<String, String, Optional<ObjectNode>> objects,
    Function<JsonNode, String> tokens) {
  private static final int DEFAULT_MODE = 0644;
  private static final int DIRECTORY_MODE = 0755;

  /// Whether the volume's files come from the API.
  static boolean isPayload(JsonNode volume) {
    return List.of("configMap", "secret", "downwardAPI", "projected").stream()
        .anyMatch(volume::has);
  }

  /// Throws [MissingReferenceException] for something that is not there and not optional.
  Content of(JsonNode volume) {
    Map<String, Content.Entry> files = new TreeMap<>();
    if (volume.has("projected")) {
      JsonNode projected = volume.path("projected");
      int mode = mode(projected, "defaultMode", DEFAULT_MODE);
      projected.path("sources").forEach(source -> add(source, mode, files));
    } else {
      JsonNode own =
          volume.properties().stream()
              .filter(p -> !p.getKey().equals("name"))
              .findFirst()
              .map(Map.Entry::getValue)
              .orElseGet(Json::object);
      add(volume, mode(own, "defaultMode", DEFAULT_MODE), files);
    }
    return new Content(files, DIRECTORY_MODE);
  }

  /// A source that comes later wins where two have the same path.
  private void add(JsonNode source, int mode, Map<String, Content.Entry> files) {
    if (source.has("configMap")) {
      keyed("ConfigMap", source.path("configMap"), mode, files);
    }
    if (source.has("secret")) {
      keyed("Secret", source.path("secret"), mode, files);
    }
    source.path("downwardAPI").path("items").forEach(item -> field(item, mode, files));
    if (source.has("serviceAccountToken")) {
      JsonNode wish = source.path("serviceAccountToken");
      put(
          files,
          Json.text(wish, "path"),
          tokens.apply(wish).getBytes(StandardCharsets.UTF_8),
          mode);
    }
  }

  private static void put(Map<String, Content.Entry> files, String path, byte[] bytes, int mode) {
    files.put(path, new Content.Entry(bytes, mode));
  }

  private void field(JsonNode item, int mode, Map<String, Content.Entry> files) {
    String text =
        item.has("fieldRef")
            ? pod.field(Json.text(item, "fieldRef", "fieldPath"))
            : pod.resource(item.path("resourceFieldRef"), Json.object());
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    put(files, Json.text(item, "path"), bytes, mode(item, "mode", mode));
  }

  private void keyed(String kind, JsonNode reference, int mode, Map<String, Content.Entry> files) {
    boolean optional = reference.path("optional").asBoolean(false);
    String name = name(reference);
    Optional<ObjectNode> object = objects.apply(kind, name);
    if (object.isEmpty()) {
      if (!optional) {
        throw missing(kind, name);
      }
      return;
    }
    Map<String, byte[]> data = data(kind, object.get());
    if (!reference.has("items")) {
      data.forEach((key, bytes) -> put(files, key, bytes, mode));
      return;
    }
    for (JsonNode item : reference.path("items")) {
      byte[] bytes = data.get(Json.text(item, "key"));
      if (bytes != null) {
        put(files, Json.text(item, "path"), bytes, mode(item, "mode", mode));
      } else if (!optional) {
        throw missingKey(kind, name, Json.text(item, "key"), data);
      }
    }
  }

  /// A `secret` volume says `secretName`, all others `name`.
  static String name(JsonNode reference) {
    String name = Json.text(reference, "secretName");
    return name.isEmpty() ? Json.text(reference, "name") : name;
  }

  private MissingReferenceException missing(String kind, String name) {
    return new MissingReferenceException(
        kind.equals("Secret") ? Reason.SECRET_NOT_FOUND : Reason.CONFIG_MAP_NOT_FOUND,
        kind + " " + name + " is not in namespace " + Json.namespace(pod.pod()));
  }

  private static MissingReferenceException missingKey(
      String kind, String name, String key, Map<String, byte[]> data) {
    String known =
        data.isEmpty()
            ? ""
            : "; it has " + String.join(", ", data.keySet().stream().sorted().toList());
    return new MissingReferenceException(
        kind.equals("Secret") ? Reason.SECRET_KEY_NOT_FOUND : Reason.CONFIG_MAP_KEY_NOT_FOUND,
        kind + " " + name + " has no key " + key + known);
  }

  /// The bytes behind the keys of a ConfigMap or Secret.
  static Map<String, byte[]> data(String kind, JsonNode object) {
    Map<String, byte[]> all = new HashMap<>();
    boolean secret = kind.equals("Secret");
    Json.strings(object.path("data"))
        .forEach(
            (key, value) ->
                all.put(key, secret ? decode(value) : value.getBytes(StandardCharsets.UTF_8)));
    Json.strings(object.path("binaryData")).forEach((key, value) -> all.put(key, decode(value)));
    return all;
  }

  private static byte[] decode(String base64) {
    return Base64.getMimeDecoder().decode(base64);
  }

  private static int mode(JsonNode node, String field, int otherwise) {
    return node.path(field).isNumber() ? node.path(field).asInt() & 0777 : otherwise;
  }
}
