package dev.berth.dashboard.rows;

import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.ImageRef;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.gitops.GitRepository;
import dev.berth.api.gitops.GitWords;
import dev.berth.api.why.Explanation;
import dev.berth.api.why.Situation;
import dev.berth.api.why.Why;
import dev.berth.dashboard.port.Traffic;
import dev.berth.dashboard.scene.Scene;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// ModelApps as `model -> endpoint -> app`. What is wrong is said once, for the whole; a part tells
/// whether the cause lies in it.
final class AppRows {
  private static final String MODEL = "model";
  private static final String APP = "app";

  private final Scene scene;
  private final Map<ObjectKey, Traffic.Figures> traffic;
  private final Instant now;

  AppRows(Scene scene, Map<ObjectKey, Traffic.Figures> traffic, Instant now) {
    this.scene = scene;
    this.traffic = traffic;
    this.now = now;
  }

  List<Row> all() {
    return scene.list(Kinds.MODEL_APP).stream().map(this::row).toList();
  }

  Row row(JsonNode app) {
    ObjectKey key = ObjectKey.of(app);
    Situation situation =
        new Situation(
            app,
            scene.podsOfApp(key),
            List.of(),
            scene.buildsOfApp(key),
            List.of(),
            scene.nodes(),
            List.of());
    Explanation why = Why.of(situation, now);
    Verdict verdict = verdict(app, why);
    String culprit = why.root().map(root -> culprit(situation, root.subject())).orElse("");
    ObjectNode row = Row.begin(app, verdict).put("generation", Json.generation(app));
    row.set(MODEL, model(app, culprit));
    row.set("endpoint", endpoint(app));
    Row.setOrNull(
        row,
        APP,
        Optional.of(app).filter(a -> Json.at(a, "spec", APP).isObject()).map(a -> web(a, culprit)));
    Row.setOrNull(row, "git", git(app));
    return Row.of(row, verdict, modelImage(app), Json.text(app, "status", APP, "image"));
  }

  private static Verdict verdict(JsonNode app, Explanation why) {
    if (Json.isDeleting(app)) {
      return Verdict.of(Health.WORKING, "Deleting");
    }
    Optional<Condition> progress = Conditions.find(app, "Progressing").filter(Condition::isTrue);
    boolean behind = Json.at(app, "status", "observedGeneration").asLong(0) < Json.generation(app);
    if (why.healthy() && (progress.isPresent() || behind)) {
      return Verdict.of(
          Health.WORKING,
          progress.map(Condition::reason).orElse("Updating"),
          "",
          progress.map(Condition::message).orElse("the controller has not seen the change yet"));
    }
    Optional<Condition> ready = Conditions.find(app, "Ready");
    Verdict verdict =
        why.root().isEmpty() && !why.healthy()
            ? starting(ready, progress)
            : Verdict.of(why, Conditions.isTrue(app, "Ready"), "Ready", "Failing");
    return verdict.since(ready.map(Condition::lastTransitionTime));
  }

  /// Ready says the first thing that is still missing; the rest follows from it.
  private static Verdict starting(Optional<Condition> ready, Optional<Condition> progress) {
    return Verdict.of(
        Health.WORKING,
        progress.map(Condition::reason).orElse("Starting"),
        "",
        ready.map(Condition::message).orElse("the controller has not seen it yet"));
  }

  /// The component whose pod or build the cause names: `model`, `app` or empty.
  private static String culprit(Situation situation, String subject) {
    return Stream.concat(situation.pods().stream(), situation.builds().stream())
        .filter(object -> subject.equals(word(object)))
        .map(object -> Json.labels(object).getOrDefault("berth.dev/component", ""))
        .findFirst()
        .orElse("");
  }

  private static String word(JsonNode object) {
    return Json.text(object, "kind").toLowerCase(Locale.ROOT) + " " + Json.name(object);
  }

  /// A part by its condition: it runs, it is what is wrong, or it waits.
  private static ObjectNode part(JsonNode app, String type, boolean guilty) {
    Optional<Condition> condition = Conditions.find(app, type);
    boolean runs = condition.map(Condition::isTrue).orElse(false);
    Health health = runs ? Health.OK : guilty ? Health.FAILING : Health.WORKING;
    return Json.object()
        .put("health", health.text())
        .put("word", runs ? "Ready" : condition.map(Condition::reason).orElse("Starting"))
        .put(
            "message",
            Verdict.shown(condition.filter(c -> !c.isTrue()).map(Condition::message).orElse("")));
  }

  private static ObjectNode model(JsonNode app, String culprit) {
    String image = modelImage(app);
    ObjectNode part = part(app, "ModelReady", culprit.equals(MODEL));
    Row.putOrNull(part, "image", Optional.of(image));
    Row.putOrNull(
        part,
        "digest",
        Optional.of(image.substring(image.indexOf('@') + 1)).filter(d -> image.contains("@")));
    Row.putOrNull(part, "version", Json.optional(app, "spec", MODEL, "version").or(() -> tag(app)));
    ArrayNode revisions = Json.array();
    int ready = 0;
    for (JsonNode revision : Json.at(app, "status", "revisions")) {
      ready += revision.path("ready").asInt(0);
      revisions.add(revision(revision));
    }
    part.set("replicas", replicas(ready, wanted(app, MODEL)));
    part.set("revisions", revisions);
    return part;
  }

  private static ObjectNode revision(JsonNode revision) {
    ObjectNode json = Json.object();
    String number = Json.text(revision, "name").replaceFirst("^r", "");
    json.put("revision", number.matches("[0-9]{1,9}") ? Integer.parseInt(number) : 0);
    json.put("weight", revision.path("weight").asInt(0));
    json.put("ready", revision.path("ready").asInt(0));
    json.put("desired", revision.path("desired").asInt(0));
    Row.putOrNull(json, "image", Json.optional(revision, "image"));
    return json;
  }

  /// Of the newest revision, pinned; before there is one, as the spec names it.
  private static String modelImage(JsonNode app) {
    JsonNode revisions = Json.at(app, "status", "revisions");
    return Json.optional(revisions.path(revisions.size() - 1), "image")
        .orElse(Json.text(app, "spec", MODEL, "image"));
  }

  private static Optional<String> tag(JsonNode app) {
    try {
      return Json.optional(app, "spec", MODEL, "image").map(ImageRef::parse).flatMap(ImageRef::tag);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static ObjectNode replicas(int ready, int desired) {
    return Json.object().put("ready", ready).put("desired", desired);
  }

  private static int wanted(JsonNode app, String component) {
    JsonNode range = Json.at(app, "spec", "scale", component);
    return range.path("min").asInt(range.path("max").asInt(1));
  }

  private static ObjectNode web(JsonNode app, String culprit) {
    JsonNode status = Json.at(app, "status", APP);
    ObjectNode part = part(app, "AppReady", culprit.equals(APP));
    Row.putOrNull(
        part,
        "image",
        Json.optional(status, "image").or(() -> Json.optional(app, "spec", APP, "image")));
    Row.putOrNull(part, "url", Json.optional(app, "status", "url"));
    part.set("replicas", replicas(status.path("ready").asInt(0), wanted(app, APP)));
    return part;
  }

  /// It only stands between the two: never the cause itself.
  private ObjectNode endpoint(JsonNode app) {
    ObjectNode part = part(app, "EndpointReady", false);
    part.put(
        "name",
        Json.name(app) + "-" + Json.optional(app, "spec", "endpoint", "name").orElse(MODEL));
    Row.putOrNull(part, "url", Json.optional(app, "status", "endpoint", "url"));
    Row.putOrNull(part, "protocol", Json.optional(app, "status", "endpoint", "protocol"));
    Figures.write(part, Optional.ofNullable(traffic.get(ObjectKey.of(app))));
    return part;
  }

  private Optional<ObjectNode> git(JsonNode app) {
    Optional<String> owner = Json.annotation(app, GitRepository.OWNER);
    int slash = owner.map(text -> text.indexOf('/')).orElse(-1);
    if (slash < 0) {
      return Optional.empty();
    }
    ObjectKey key =
        new ObjectKey(owner.get().substring(0, slash), owner.get().substring(slash + 1));
    ObjectNode git = Json.object().put("namespace", key.namespace()).put("name", key.name());
    Row.putOrNull(git, "revision", scene.repository(key).map(r -> GitWords.of(r).revision()));
    return Optional.of(git);
  }
}
