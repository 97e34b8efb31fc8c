package dev.berth.controller.modelapp;

import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ResourceType;
import dev.berth.api.modelapp.ModelApp;
import dev.berth.controller.reconcile.Action;
import dev.berth.controller.reconcile.Note;
import dev.berth.controller.reconcile.PodTemplates;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// What one ModelApp's plan sees, made by hand.
final class World {
  static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  final ObjectNode modelApp;
  final List<ObjectNode> deployments = new ArrayList<>();
  final List<ObjectNode> services = new ArrayList<>();
  final List<ObjectNode> slices = new ArrayList<>();
  final List<ObjectNode> foreign = new ArrayList<>();
  final List<ObjectNode> pods = new ArrayList<>();

  final List<ObjectNode> builds = new ArrayList<>();
  final List<ObjectNode> secrets = new ArrayList<>();
  final List<Note> notes = new ArrayList<>();

  World(String spec) {
    modelApp = Json.parseObject("{\"apiVersion\":\"berth.dev/v1alpha1\",\"kind\":\"ModelApp\"}");
    Json.meta(modelApp).put("name", "digits").put("namespace", "default");
    Json.meta(modelApp).put("uid", "u1").put("generation", 1);
    modelApp.set("spec", Json.parseObject(spec));
  }

  static World ofTwoImages() {
    return new World(
        """
        {"model":{"image":"m:1"},"endpoint":{"protocol":"http"},"app":{"image":"a:1"}}\
        """);
  }

  Observed observed() {
    return new Observed(
        modelApp,
        ModelApp.read(modelApp),
        List.of(),
        deployments,
        services,
        slices,
        foreign,
        pods,
        builds,
        References.Present.of(secrets, List.of()),
        Optional.empty());
  }

  List<Action> plan() {
    return ModelAppPlan.plan(observed(), NOW);
  }

  /// Performs creates, updates and deletes of children, and the new status.
  World perform() {
    return apply(plan());
  }

  World apply(List<Action> actions) {
    for (Action action : actions) {
      switch (action) {
        case Action.Create(ResourceType type, ObjectNode object) -> put(type, object);
        case Action.Update(ResourceType type, ObjectNode object) -> put(type, object);
        case Action.UpdateStatus(_, ObjectNode object) ->
            modelApp.set("status", object.path("status"));
        case Action.Delete(ResourceType type, var key, _) ->
            list(type).removeIf(o -> Json.name(o).equals(key.name()));
        case Action.Emit(Note note) -> notes.add(note);
      }
    }
    return this;
  }

  private void put(ResourceType type, ObjectNode object) {
    list(type).removeIf(o -> Json.name(o).equals(Json.name(object)));
    Json.meta(object).put("generation", Json.generation(object) + 1);
    list(type).add(object);
  }

  private List<ObjectNode> list(ResourceType type) {
    return type.equals(Kinds.DEPLOYMENT)
        ? deployments
        : type.equals(Kinds.SERVICE) ? services : slices;
  }

  ObjectNode deployment(String name) {
    return deployments.stream().filter(d -> Json.name(d).equals(name)).findFirst().orElseThrow();
  }

  /// A pod of the Deployment's present template that is ready.
  ObjectNode runs(String deployment) {
    ObjectNode from = deployment(deployment);
    ObjectNode pod = Json.object().put("apiVersion", "v1").put("kind", "Pod");
    Json.meta(pod).put("name", deployment + "-" + pods.size()).put("namespace", "default");
    ObjectNode labels = Json.meta(pod).putObject("labels");
    Json.labels(from).forEach(labels::put);
    labels.put(PodTemplates.HASH_LABEL, PodTemplates.hash(from));
    Json.ensure(pod, "status").put("podIP", "10.0.0." + (pods.size() + 1));
    Conditions.set(pod, new Condition("Ready", Condition.TRUE, "", "", NOW, 0));
    pods.add(pod);
    return pod;
  }

  /// The same, but it has crashed.
  ObjectNode crashes(String deployment) {
    ObjectNode pod = runs(deployment);
    Conditions.set(pod, new Condition("Ready", Condition.FALSE, "", "", NOW, 0));
    Json.ensure(pod, "status")
        .set(
            "containerStatuses",
            Json.parse(
                """
                [{"ready":false,"state":{"waiting":{"reason":"CrashLoopBackOff"}},
                  "lastState":{"terminated":{"exitCode":1,"reason":"Error","message":"boom"}}}]\
                """));
    return pod;
  }

  /// The Deployment controller says that all is done.
  World rolledOut(String deployment) {
    ObjectNode d = deployment(deployment);
    int replicas = Workloads.replicas(d);
    ObjectNode status = Json.ensure(d, "status");
    status.put("observedGeneration", Json.generation(d)).put("replicas", replicas);
    status.put("updatedReplicas", replicas).put("availableReplicas", replicas);
    return this;
  }

  /// Both Deployments run, and the status says so.
  World allRuns() {
    perform();
    for (String name : List.of("digits-model-r1", "digits-app")) {
      runs(name);
      rolledOut(name);
    }
    return perform().perform();
  }

  World set(String component, String image) {
    Json.ensure(modelApp, "spec", component).put("image", image);
    Json.meta(modelApp).put("generation", Json.generation(modelApp) + 1);
    return this;
  }

  Condition condition(String type) {
    return Conditions.find(modelApp, type).orElseThrow();
  }

  /// `True/Reason` of a condition.
  String says(String type) {
    return condition(type).status() + "/" + condition(type).reason();
  }

  /// Of all events so far.
  List<String> reasons() {
    return notes.stream().map(Note::reason).toList();
  }
}
