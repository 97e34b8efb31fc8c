package dev.berth.dashboard.images;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.dashboard.port.ImageCatalog;
import dev.berth.dashboard.port.Rights;
import dev.berth.dashboard.port.Viewer;
import dev.berth.dashboard.rows.Health;
import dev.berth.dashboard.rows.Row;
import dev.berth.dashboard.rows.Verdict;
import dev.berth.dashboard.scene.Scene;
import dev.berth.dashboard.scene.Workload;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Images as rows, and one of them whole. A repository is shown to who may read it over its own
/// API; what pods run, to who may list them.
public final class ImageViews {
  private static final int LARGEST_CONFIG = 4 << 20;

  private final Catalog catalog;
  private final ImageCatalog source;
  private final Rights rights;

  public ImageViews(ImageCatalog source, Rights rights, InstantSource clock) {
    this.catalog = new Catalog(source, clock);
    this.source = source;
    this.rights = rights;
  }

  /// Whether there may be anything to show.
  public boolean allows(Viewer viewer, Scene scene) {
    return !scene.reach(Kinds.POD).isNowhere() || rights.allowsPath(viewer, "get", "/v2/_catalog");
  }

  public List<Row> rows(Viewer viewer, Scene scene) throws IOException {
    List<StoredImage> stored = readable(viewer);
    Users users = scene.remember("image-users", () -> new Users(scene));
    List<Row> rows = new ArrayList<>();
    stored.forEach(image -> rows.add(row(image, users.of(image))));
    // What is stored, but hidden from this viewer, is not told by its name in a pod either: that
    // pod is shown to the viewer with the very same name.
    users.others(stored).forEach((name, by) -> rows.add(foreign(name, by)));
    return rows.stream().sorted(Row.WORST_FIRST).toList();
  }

  private List<StoredImage> readable(Viewer viewer) throws IOException {
    Map<String, Boolean> allowed = new HashMap<>();
    return catalog.all().stream()
        .filter(
            image ->
                allowed.computeIfAbsent(
                    image.repository(),
                    name -> rights.allowsPath(viewer, "get", "/v2/" + name + "/tags/list")))
        .toList();
  }

  private static Verdict verdict(Set<Workload> users) {
    return Verdict.of(Health.OK, users.isEmpty() ? "Unused" : "In use");
  }

  private static Row row(StoredImage image, Set<Workload> users) {
    Verdict verdict = verdict(users);
    ObjectNode row = begin(image.namespace(), image.name(), verdict);
    row.put("repository", image.repository())
        .put("tag", image.tag())
        .put("digest", image.digest())
        .put("size", image.size())
        .put("layers", image.layers().size())
        .put("source", image.source());
    Users.write(row.putArray("usedBy"), users);
    return Row.of(row, verdict, image.digest(), image.source());
  }

  private static Row foreign(String name, Set<Workload> users) {
    Verdict verdict = verdict(users);
    ObjectNode row = begin("", name, verdict);
    int at = name.indexOf('@');
    String plain = at < 0 ? name : name.substring(0, at);
    int colon = plain.lastIndexOf(':');
    boolean tagged = colon > plain.lastIndexOf('/');
    row.put("repository", tagged ? plain.substring(0, colon) : plain)
        .put("tag", tagged ? plain.substring(colon + 1) : "")
        .put("digest", at < 0 ? null : name.substring(at + 1));
    row.putNull("size").putNull("layers").putNull("source");
    Users.write(row.putArray("usedBy"), users);
    return Row.of(row, verdict);
  }

  private static ObjectNode begin(String namespace, String name, Verdict verdict) {
    ObjectNode row = Json.object().put("namespace", namespace).put("name", name);
    verdict.write(row);
    return row.putNull("created");
  }

  /// One image of the repository; empty where there is none of that name that the viewer may read.
  ///
  /// @param name `REPOSITORY:TAG`
  public Optional<ObjectNode> image(Viewer viewer, Scene scene, String name) throws IOException {
    Optional<StoredImage> found =
        readable(viewer).stream().filter(image -> image.name().equals(name)).findFirst();
    if (found.isEmpty()) {
      return Optional.empty();
    }
    StoredImage image = found.get();
    JsonNode config = config(image);
    Users users = scene.remember("image-users", () -> new Users(scene));
    ObjectNode json = Json.object().put("name", image.name());
    json.put("repository", image.repository())
        .put("tag", image.tag())
        .put("digest", image.digest())
        .put("size", image.size())
        .put("source", image.source());
    describe(json, config);
    Users.write(json.putArray("usedBy"), users.of(image));
    Layers.write(json.putArray("layers"), image.layers(), config);
    return Optional.of(json);
  }

  private JsonNode config(StoredImage image) throws IOException {
    Optional<byte[]> bytes = source.blob(image.repository(), image.configDigest(), LARGEST_CONFIG);
    try {
      return bytes.map(Json::parse).orElseGet(Json::object);
    } catch (JacksonException e) {
      return Json.object(); // pushed by anybody: what is no JSON describes nothing
    }
  }

  /// Without the environment: what an image puts there may be a secret that slipped in.
  private static void describe(ObjectNode json, JsonNode config) {
    JsonNode inner = config.path("config");
    json.put("created", Json.optional(config, "created").orElse(null))
        .put("architecture", Json.optional(config, "architecture").orElse(null))
        .put("os", Json.optional(config, "os").orElse(null))
        .put("user", Json.text(inner, "User"));
    texts(json.putArray("entrypoint"), inner.path("Entrypoint"));
    texts(json.putArray("command"), inner.path("Cmd"));
    ArrayNode ports = json.putArray("ports");
    inner.path("ExposedPorts").propertyNames().forEach(ports::add);
    ObjectNode labels = json.putObject("labels");
    Json.strings(inner.path("Labels")).forEach((k, v) -> labels.put(k, Verdict.shown(v)));
  }

  private static void texts(ArrayNode list, JsonNode values) {
    values.forEach(value -> list.add(Verdict.shown(value.asString(""))));
  }
}
