package dev.berth.cli.apply;

import dev.berth.api.FieldSelector;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.LabelSelector;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.api.build.ImageBuild;
import dev.berth.cli.progress.Row;
import dev.berth.client.ApiClient;
import dev.berth.client.Informer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One ModelApp being rolled out, seen through three informers.
final class Rollout implements AutoCloseable {
  private final ObjectKey key;
  private final Set<String> builds;
  private final Informer apps;
  private final Informer imageBuilds;
  private final Informer pods;

  /// `changed` is called on every change of any of its objects.
  Rollout(ApiClient client, ObjectKey key, Set<String> builds, Runnable changed) {
    this.key = key;
    this.builds = builds;
    LabelSelector mine = LabelSelector.of(Map.of("berth.dev/modelapp", key.name()));
    FieldSelector byName = FieldSelector.parse("metadata.name=" + key.name());
    Informer.Handler handler = handler(_ -> changed.run());
    this.apps = informer(client, Kinds.MODEL_APP, LabelSelector.EVERYTHING, byName, handler);
    this.imageBuilds = informer(client, Kinds.IMAGE_BUILD, mine, FieldSelector.EVERYTHING, handler);
    this.pods = informer(client, Kinds.POD, mine, FieldSelector.EVERYTHING, handler);
  }

  private Informer informer(
      ApiClient client,
      ResourceType type,
      LabelSelector labels,
      FieldSelector fields,
      Informer.Handler handler) {
    return Informer.of(client, type, key.namespace(), labels, fields, handler);
  }

  private static Informer.Handler handler(Consumer<ObjectNode> changed) {
    return new Informer.Handler() {
      @Override
      public void added(ObjectNode object) {
        changed.accept(object);
      }

      @Override
      public void updated(ObjectNode old, ObjectNode object) {
        changed.accept(object);
      }

      @Override
      public void deleted(ObjectNode last) {
        changed.accept(last);
      }
    };
  }

  /// Waits until all of it was seen once; false where that takes longer.
  boolean awaitSynced(Duration timeout) throws InterruptedException {
    return apps.awaitSynced(timeout)
        && imageBuilds.awaitSynced(timeout)
        && pods.awaitSynced(timeout);
  }

  ObjectKey key() {
    return key;
  }

  List<Row> rows() {
    return view().rows();
  }

  Outcome outcome() {
    return apps.get(key).isPresent() && buildsSeen() ? view().outcome() : new Outcome.Going();
  }

  private AppView view() {
    JsonNode app = apps.get(key).orElseGet(() -> blank(key));
    List<ImageBuild> mine = new ArrayList<>();
    imageBuilds.list().stream()
        .filter(build -> builds.contains(Json.name(build)) && !Json.isDeleting(build))
        .sorted(
            java.util.Comparator.comparing(
                build -> Json.text(build, "metadata", "labels", "berth.dev/component"),
                java.util.Comparator.reverseOrder()))
        .forEach(build -> mine.add(ImageBuild.read(build)));
    return new AppView(new AppView.Seen(app, mine, pods.list()));
  }

  private boolean buildsSeen() {
    return builds.stream()
        .allMatch(name -> imageBuilds.get(new ObjectKey(key.namespace(), name)).isPresent());
  }

  private static ObjectNode blank(ObjectKey key) {
    ObjectNode app = Json.object();
    app.putObject("metadata").put("name", key.name()).put("namespace", key.namespace());
    return app;
  }

  @Override
  public void close() {
    apps.close();
    imageBuilds.close();
    pods.close();
  }
}
