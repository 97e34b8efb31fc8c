package dev.berth.gitops.render;

import dev.berth.api.Json;
import dev.berth.gitops.render.Kustomization.Layer;
import dev.berth.gitops.source.CommitFiles.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// ConfigMaps and Secrets out of files and literals. Their names end in a hash of the content, so
/// that whoever uses them is rolled out when it changes.
final class Generators {
  private static final Set<String> FIELDS =
      Set.of("name", "namespace", "files", "literals", "envs", "type", "options", "behavior");

  private final Layer layer;
  private final JsonNode spec;
  private final boolean secret;
  private final ObjectNode object = Json.object();

  private Generators(Layer layer, JsonNode spec, boolean secret) {
    this.layer = layer;
    this.spec = spec;
    this.secret = secret;
  }

  static List<Built> generate(Layer layer) throws IOException {
    List<Built> made = new ArrayList<>();
    for (JsonNode each : layer.spec().path("configMapGenerator")) {
      made.add(new Generators(layer, each, false).make());
    }
    for (JsonNode each : layer.spec().path("secretGenerator")) {
      made.add(new Generators(layer, each, true).make());
    }
    return made;
  }

  private Built make() throws IOException {
    check();
    object.put("apiVersion", "v1").put("kind", secret ? "Secret" : "ConfigMap");
    Json.meta(object).put("name", Json.text(spec, "name"));
    Json.optional(spec, "namespace")
        .ifPresent(namespace -> Json.meta(object).put("namespace", namespace));
    if (secret) {
      object.put("type", Json.optional(spec, "type").orElse("Opaque"));
    }
    for (JsonNode literal : spec.path("literals")) {
      pair(literal.asString(""));
    }
    for (JsonNode file : spec.path("files")) {
      file(file.asString(""));
    }
    for (JsonNode env : spec.path("envs")) {
      env(env.asString(""));
    }
    return new Built(object, layer.file() + ":1", !options());
  }

  private void check() {
    for (String field : spec.propertyNames()) {
      if (!FIELDS.contains(field)) {
        layer.problem(field + " of a generator is not supported");
      }
    }
    if (!List.of("", "create").contains(Json.text(spec, "behavior"))) {
      layer.problem("behavior " + Json.text(spec, "behavior") + " of a generator is not supported");
    }
    if (Json.text(spec, "name").isEmpty()) {
      layer.problem("a generator without a name");
    }
  }

  /// Puts labels and annotations on and tells whether the name stays as it is.
  private boolean options() {
    boolean stays = false;
    for (JsonNode options : List.of(layer.spec().path("generatorOptions"), spec.path("options"))) {
      for (String field : List.of("labels", "annotations")) {
        Json.strings(options.path(field))
            .forEach((key, value) -> Json.ensure(object, "metadata", field).put(key, value));
      }
      stays |= options.path("disableNameSuffixHash").asBoolean(false);
    }
    return stays;
  }

  private void pair(String text) {
    int equals = text.indexOf('=');
    if (equals <= 0) {
      layer.problem("a literal has to be KEY=VALUE");
      return;
    }
    String value = text.substring(equals + 1);
    boolean quoted =
        value.length() > 1
            && (value.startsWith("\"") || value.startsWith("'"))
            && value.charAt(0) == value.charAt(value.length() - 1);
    put(
        text.substring(0, equals),
        (quoted ? value.substring(1, value.length() - 1) : value).getBytes(StandardCharsets.UTF_8));
  }

  private void file(String text) throws IOException {
    int equals = text.indexOf('=');
    String name = equals < 0 ? text : text.substring(equals + 1);
    Optional<Entry> entry = layer.file(name);
    if (entry.isPresent()) {
      put(
          equals < 0 ? entry.get().name() : text.substring(0, equals),
          layer.reader().raw(entry.get()));
    }
  }

  private void env(String name) throws IOException {
    Optional<Entry> entry = layer.file(name);
    if (entry.isPresent()) {
      new String(layer.reader().raw(entry.get()), StandardCharsets.UTF_8)
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .forEach(this::pair);
    }
  }

  private void put(String key, byte[] value) {
    if (secret) {
      Json.ensure(object, "data").put(key, Base64.getEncoder().encodeToString(value));
      return;
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString();
      Json.ensure(object, "data").put(key, text);
    } catch (CharacterCodingException e) {
      Json.ensure(object, "binaryData").put(key, Base64.getEncoder().encodeToString(value));
    }
  }
}
