package dev.berth.cli.apply;

import dev.berth.api.ApiException;
import dev.berth.api.Digest;
import dev.berth.api.Json;
import dev.berth.api.ObjectKey;
import dev.berth.api.build.ImageBuildSpec;
import dev.berth.api.modelapp.Source;
import dev.berth.cli.apply.ApplyVerb.Target;
import dev.berth.cli.progress.Row;
import dev.berth.cli.progress.Row.State;
import dev.berth.cli.term.Spans;
import dev.berth.client.ApiClient;
import dev.berth.client.PatchType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Sends one target after the other: contexts, builds, then the object itself.
final class Applier {
  static final String LAST_APPLIED = "berth.dev/last-applied";
  private static final String CONTEXT_DIGEST = "berth.dev/context-digest.";

  /// A ModelApp that was applied, and the builds it waits for.
  record Applied(ObjectKey key, List<String> builds) {}

  private final ApiClient client;
  private final ContextPush contexts;
  private final Builds builds;
  private final Consumer<List<Row>> show;
  private final Creation creation;
  private final List<Row> rows = new ArrayList<>();
  private final List<Applied> modelApps = new ArrayList<>();
  private final List<Plain> plain = new ArrayList<>();

  /// Creates an object that is not there yet, and may note which one it became.
  interface Creation {
    void create(Target target, ObjectNode object) throws InterruptedException;
  }

  Applier(ApiClient client, ContextPush contexts, Consumer<List<Row>> show) {
    this(client, contexts, show, (target, object) -> client.create(target.type(), object));
  }

  Applier(ApiClient client, ContextPush contexts, Consumer<List<Row>> show, Creation creation) {
    this.client = client;
    this.creation = creation;
    this.contexts = contexts;
    this.builds = new Builds(client);
    this.show = show;
  }

  List<Row> rows() {
    return rows;
  }

  List<Applied> modelApps() {
    return modelApps;
  }

  List<Plain> plain() {
    return plain;
  }

  void apply(Target target) throws IOException, InterruptedException {
    ObjectNode wanted = Json.deepCopy(target.tree());
    List<String> started = new ArrayList<>();
    if (target.isModelApp()) {
      for (var component : Targets.builds(target).entrySet()) {
        started.add(build(target, component.getKey(), component.getValue(), wanted));
      }
    }
    String change = send(target, wanted);
    if (target.isModelApp()) {
      modelApps.add(new Applied(target.key(), started));
      add(row(target.label(), change));
    } else if (Plain.isWaitedFor(target.type())) {
      plain.add(new Plain(client, target.type(), target.key(), change));
    } else {
      add(row(target.label(), change));
    }
  }

  static Row row(String label, String change) {
    return Row.of(change.equals("unchanged") ? State.UNCHANGED : State.DONE, label, change);
  }

  private void add(Row row) {
    rows.add(row);
    show.accept(List.copyOf(rows));
  }

  /// Packs, pushes, asks for the build, and notes the context's digest in the object.
  private String build(Target target, String component, Source.Build source, ObjectNode wanted)
      throws IOException, InterruptedException {
    String repository = target.key().namespace() + "/" + target.key().name() + "-" + component;
    ContextPush.Pushed pushed =
        contexts.push(Targets.context(target, source), source.containerScript(), repository);
    String files = pushed.files() + (pushed.files() == 1 ? " file" : " files");
    add(
        Row.of(
            pushed.known() ? State.UNCHANGED : State.DONE,
            "context " + source.context(),
            files
                + ", "
                + Spans.bytes(pushed.bytes())
                + (pushed.known() ? ", unchanged" : ", pushed")));
    ImageBuildSpec spec = Builds.spec(source, pushed.digest(), repository);
    String name = spec.objectName(target.key().name(), component);
    builds.ensure(
        new ObjectKey(target.key().namespace(), name),
        spec,
        Map.of("berth.dev/modelapp", target.key().name(), "berth.dev/component", component));
    annotate(wanted, component, pushed.digest());
    return name;
  }

  /// Notes which context a component is to be built from.
  static void annotate(ObjectNode object, String component, Digest digest) {
    Json.ensure(object, "metadata", "annotations")
        .put(CONTEXT_DIGEST + component, digest.toString());
  }

  /// Creates or patches; says which.
  private String send(Target target, ObjectNode wanted) throws InterruptedException {
    Optional<ObjectNode> live = client.find(target.type(), target.key());
    if (live.isEmpty()) {
      creation.create(target, withLastApplied(wanted));
      return "created";
    }
    ObjectNode patch = patch(live.get(), wanted);
    if (patch.isEmpty()) {
      return "unchanged";
    }
    if (target.isModelApp()) {
      Previous.keep(patch, live.get(), wanted);
    }
    client.patch(target.type(), target.key(), PatchType.MERGE, patch, null);
    return "configured";
  }

  static ObjectNode patch(ObjectNode live, ObjectNode wanted) {
    ObjectNode last = lastApplied(live);
    ObjectNode patch = ThreeWay.patch(last, live, wanted);
    // Also when only the memory differs, so that the next apply knows what this one wanted.
    if (!patch.isEmpty() || !last.equals(wanted)) {
      namedNulls(patch, last);
      Json.ensure(patch, "metadata", "annotations").put(LAST_APPLIED, Json.string(wanted));
    }
    return patch;
  }

  /// Annotations that are no longer wanted go one by one: the memory stands beside them.
  private static void namedNulls(ObjectNode patch, ObjectNode last) {
    if (patch.path("metadata").path("annotations").isNull()) {
      ObjectNode nulls = Json.meta(patch).putObject("annotations");
      Json.at(last, "metadata", "annotations").propertyNames().forEach(nulls::putNull);
    }
  }

  /// What of a patch a person would call a change: not what `apply` notes down for itself.
  static ObjectNode withoutMemory(ObjectNode patch) {
    ObjectNode rest = patch.deepCopy();
    if (rest.path("metadata").path("annotations") instanceof ObjectNode annotations) {
      annotations.remove(LAST_APPLIED);
      annotations.remove(
          annotations.propertyNames().stream()
              .filter(name -> name.startsWith(CONTEXT_DIGEST))
              .toList());
      if (annotations.isEmpty()) {
        Json.meta(rest).remove("annotations");
      }
    }
    if (rest.path("metadata").isEmpty()) {
      rest.remove("metadata");
    }
    return rest;
  }

  private static ObjectNode withLastApplied(ObjectNode wanted) {
    ObjectNode object = wanted.deepCopy();
    Json.ensure(object, "metadata", "annotations").put(LAST_APPLIED, Json.string(wanted));
    return object;
  }

  private static ObjectNode lastApplied(JsonNode live) {
    try {
      return Json.annotation(live, LAST_APPLIED).map(Json::parseObject).orElseGet(Json::object);
    } catch (JacksonException | IllegalArgumentException | ApiException e) {
      return Json.object();
    }
  }
}
