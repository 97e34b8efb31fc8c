package dev.berth.cli.apply;

import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.LabelSelector;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.cli.progress.Row;
import dev.berth.cli.progress.Row.State;
import dev.berth.client.ApiClient;
import dev.berth.client.ListOptions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A Deployment, ReplicaSet or Pod that was applied by itself, asked again and again.
final class Plain {
  private final ApiClient client;
  private final ResourceType type;
  private final ObjectKey key;
  private final String change;
  private JsonNode last = Json.object();

  /// @param change what was done to it, or nothing where it is only looked at
  Plain(ApiClient client, ResourceType type, ObjectKey key, String change) {
    this.client = client;
    this.type = type;
    this.key = key;
    this.change = change;
  }

  static boolean isWaitedFor(ResourceType type) {
    return List.of(Kinds.DEPLOYMENT, Kinds.REPLICA_SET, Kinds.POD).contains(type);
  }

  String label() {
    return type.kind() + "/" + key.name();
  }

  Outcome outcome() {
    last = client.find(type, key).<JsonNode>map(object -> object).orElse(last);
    if (isDone(type, last)) {
      return new Outcome.Done("");
    }
    return NewestPods.of(pods()).stream()
        .flatMap(pod -> failed(pod).stream())
        .findFirst()
        .or(this::overdue)
        .orElseGet(Outcome.Going::new);
  }

  private Optional<Outcome> overdue() {
    return missedDeadline(last)
        .map(
            c ->
                new Outcome.Failed(
                    label() + ": " + c.message(),
                    "",
                    false,
                    List.of(),
                    type.kind().toLowerCase(Locale.ROOT) + "/" + key.name(),
                    Duration.ZERO));
  }

  /// A Deployment whose `progressDeadlineSeconds` are over, for whatever reason: those of what is
  /// wanted now, as the condition of the generation before stays until the controller has looked.
  static Optional<Condition> missedDeadline(JsonNode object) {
    return Conditions.find(object, "Progressing")
        .filter(c -> !c.isTrue() && c.reason().equals("ProgressDeadlineExceeded"))
        .filter(_ -> isObserved(object));
  }

  private static boolean isObserved(JsonNode object) {
    return Json.at(object, "status", "observedGeneration").asLong(0) >= Json.generation(object);
  }

  private List<? extends JsonNode> pods() {
    if (type.equals(Kinds.POD)) {
      return List.of(last);
    }
    JsonNode selector = Json.at(last, "spec", "selector");
    return selector.isObject()
        ? client
            .list(Kinds.POD, key.namespace(), ListOptions.labelled(LabelSelector.of(selector)))
            .items()
        : List.of();
  }

  private Optional<Outcome> failed(JsonNode pod) {
    PodState state = PodState.of(pod, "");
    return state
        .patience()
        .map(
            patience ->
                new Outcome.Failed(
                    label() + ": " + Json.name(pod) + ": " + state.text(),
                    Json.name(pod),
                    state.crashed(),
                    List.of(),
                    "pod/" + Json.name(pod),
                    patience));
  }

  /// Ready replicas may still be those of the template before: only updated ones count, and no
  /// other may be left.
  static boolean isDone(ResourceType type, JsonNode object) {
    if (type.equals(Kinds.POD)) {
      return PodState.of(object, "").state() == State.DONE
          || Json.text(object, "status", "phase").equals("Succeeded");
    }
    JsonNode status = object.path("status");
    int wanted = wanted(object);
    boolean updated =
        !type.equals(Kinds.DEPLOYMENT) || status.path("updatedReplicas").asInt(0) == wanted;
    return isObserved(object)
        && updated
        && status.path("replicas").asInt(0) == wanted
        && status.path("availableReplicas").asInt(0) == wanted;
  }

  /// What was done to it, however it stands.
  Row changed() {
    return Applier.row(label(), change);
  }

  Row row() {
    if (type.equals(Kinds.POD)) {
      PodState state = PodState.of(last, "");
      return Row.of(state.state(), label(), detail(state.text()));
    }
    int ready = Json.at(last, "status", "readyReplicas").asInt(0);
    return Row.of(
        isDone(type, last) ? State.DONE : State.RUNNING,
        label(),
        detail(ready + "/" + wanted(last) + " ready"));
  }

  private String detail(String now) {
    return change.isEmpty() ? now : change + "   " + now;
  }

  private static int wanted(JsonNode object) {
    return Json.at(object, "spec", "replicas").asInt(1);
  }
}
