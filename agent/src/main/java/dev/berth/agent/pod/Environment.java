package dev.berth.agent.pod;

import dev.berth.agent.diagnosis.Diagnosis;
import dev.berth.agent.volume.DownwardApi;
import dev.berth.api.Json;
import dev.berth.api.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import tools.jackson.databind.JsonNode;

/// A container's variables: the image's, then the pod's, with references resolved and `$(NAME)`
/// expanded. A reference to something that is not there is an error unless it is optional.
final class Environment {
  private final JsonNode pod;
  private final DownwardApi self;
  private final BiFunction<String, String, Optional<Map<String, String>>> objects;
  private final Map<String, String> services;

  /// The variables of one pod.
  ///
  /// @param objects kind (`ConfigMap`, `Secret`) and name, in the pod's namespace, to its data
  /// @param services where the services of the namespace are, for variables that are not set
  Environment(
      DownwardApi self,
      BiFunction<String, String, Optional<Map<String, String>>> objects,
      Map<String, String> services) {
    this.services = services;
    this.pod = self.pod();
    this.self = self;
    this.objects = objects;
  }

  List<String> of(JsonNode container, List<String> image, String home) {
    Map<String, String> all = new LinkedHashMap<>();
    image.forEach(
        e -> all.put(e.substring(0, Math.max(0, e.indexOf('='))), e.substring(e.indexOf('=') + 1)));
    all.putIfAbsent("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    all.put("HOSTNAME", Json.name(pod));
    all.putIfAbsent("HOME", home);
    all.putAll(services); // what the pod says of its own comes behind, and wins
    container.path("envFrom").forEach(source -> from(source, all));
    for (JsonNode variable : container.path("env")) {
      String name = Json.text(variable, "name");
      value(variable, container)
          .ifPresent(v -> all.put(name, variable.has("valueFrom") ? v : expand(v, all)));
    }
    List<String> out = new ArrayList<>();
    all.forEach((name, value) -> out.add(name + "=" + value));
    return out;
  }

  private void from(JsonNode source, Map<String, String> all) {
    String prefix = Json.text(source, "prefix");
    boolean secret = source.has("secretRef");
    JsonNode reference = source.path(secret ? "secretRef" : "configMapRef");
    data(secret ? "Secret" : "ConfigMap", reference)
        .ifPresent(d -> d.forEach((k, v) -> all.put(prefix + k, v)));
  }

  private Optional<String> value(JsonNode variable, JsonNode container) {
    JsonNode from = variable.path("valueFrom");
    if (from.has("fieldRef")) {
      return Optional.of(self.field(Json.text(from, "fieldRef", "fieldPath")));
    }
    if (from.has("resourceFieldRef")) {
      return Optional.of(self.resource(from.path("resourceFieldRef"), container));
    }
    if (from.has("configMapKeyRef") || from.has("secretKeyRef")) {
      return key(from);
    }
    return Optional.of(variable.path("value").asString(""));
  }

  private Optional<String> key(JsonNode from) {
    String kind = from.has("secretKeyRef") ? "Secret" : "ConfigMap";
    JsonNode reference = from.path(kind.equals("Secret") ? "secretKeyRef" : "configMapKeyRef");
    String key = Json.text(reference, "key");
    Optional<String> value = data(kind, reference).flatMap(d -> Optional.ofNullable(d.get(key)));
    if (value.isEmpty() && !reference.path("optional").asBoolean(false)) {
      throw new ReferenceException(
          new Diagnosis(
              kind.equals("Secret") ? Reason.SECRET_KEY_NOT_FOUND : Reason.CONFIG_MAP_KEY_NOT_FOUND,
              kind
                  + " "
                  + Json.text(reference, "name")
                  + " has no key "
                  + key
                  + known(kind, reference)));
    }
    return value;
  }

  /// The names of its keys, which are no secret.
  private String known(String kind, JsonNode reference) {
    return data(kind, reference)
        .filter(d -> !d.isEmpty())
        .map(d -> "; it has " + String.join(", ", d.keySet().stream().sorted().toList()))
        .orElse("");
  }

  private Optional<Map<String, String>> data(String kind, JsonNode reference) {
    String name = Json.text(reference, "name");
    Optional<Map<String, String>> found = objects.apply(kind, name);
    if (found.isEmpty() && !reference.path("optional").asBoolean(false)) {
      throw new ReferenceException(
          new Diagnosis(
              kind.equals("Secret") ? Reason.SECRET_NOT_FOUND : Reason.CONFIG_MAP_NOT_FOUND,
              kind + " " + name + " is not in namespace " + Json.namespace(pod)));
    }
    return found;
  }

  /// The texts behind the keys of a ConfigMap or Secret; bytes that are no text are none for a
  /// variable.
  static Map<String, String> texts(String kind, JsonNode object) {
    Map<String, String> data = new LinkedHashMap<>(Json.strings(object.path("data")));
    if (kind.equals("Secret")) {
      data.replaceAll(
          (_, value) -> new String(Base64.getMimeDecoder().decode(value), StandardCharsets.UTF_8));
    }
    return data;
  }

  /// `$(NAME)` is a variable that came before; `$$(NAME)` is the text `$(NAME)`; an unknown name
  /// stays as it is.
  static String expand(String text, Map<String, String> known) {
    StringBuilder out = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      if (text.startsWith("$$", at)) {
        out.append('$');
        at += 2;
      } else if (text.startsWith("$(", at) && text.indexOf(')', at) > 0) {
        int end = text.indexOf(')', at);
        String name = text.substring(at + 2, end);
        out.append(known.getOrDefault(name, text.substring(at, end + 1)));
        at = end + 1;
      } else {
        out.append(text.charAt(at++));
      }
    }
    return out.toString();
  }
}
