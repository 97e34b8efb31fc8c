package dev.berth.cli.apply;

import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.build.ImageBuild;
import dev.berth.api.build.ImageBuildStatus;
import dev.berth.api.build.ImageBuildStatus.Phase;
import dev.berth.api.build.ImageBuildStatus.Step;
import dev.berth.api.why.Patience;
import dev.berth.cli.progress.Row;
import dev.berth.cli.progress.Row.State;
import dev.berth.cli.term.Spans;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// The rollout of one ModelApp as rows and an outcome: a pure function of its objects.
final class AppView {
  /// What is known at one moment: the ModelApp, its builds that this rollout waits for, all its
  /// pods.
  record Seen(JsonNode app, List<ImageBuild> builds, List<? extends JsonNode> pods) {}

  private final Seen seen;

  AppView(Seen seen) {
    this.seen = seen;
  }

  List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    seen.builds().forEach(build -> rows.add(buildRow(build)));
    denied("SpecAccepted")
        .filter(_ -> isCurrent())
        .ifPresent(refused -> rows.add(Row.of(State.FAILED, "ModelApp", why(refused))));
    rows.add(componentRow("model"));
    rows.add(endpointRow());
    if (!Json.at(seen.app(), "spec", "app").isMissingNode()) {
      rows.add(componentRow("app"));
    }
    return rows;
  }

  Outcome outcome() {
    for (ImageBuild build : seen.builds()) {
      if (build.status().phase() == Phase.FAILED) {
        return failedBuild(build);
      }
    }
    if (!isCurrent()) {
      return new Outcome.Going();
    }
    Optional<Condition> refused =
        denied("SpecAccepted")
            .or(() -> denied("ImagesReady").filter(c -> c.reason().equals("AmbiguousPort")))
            .or(() -> denied("Ready").filter(c -> c.reason().equals("Refused")));
    if (refused.isPresent()) {
      return new Outcome.Failed(
          why(refused.get()),
          "",
          false,
          List.of(),
          "modelapp/" + Json.name(seen.app()),
          Patience.ofRetries());
    }
    Optional<Outcome> pod = failedPod();
    if (pod.isPresent()) {
      return pod.get();
    }
    return isDone()
        ? new Outcome.Done(Json.text(seen.app(), "status", "url"))
        : new Outcome.Going();
  }

  private boolean isDone() {
    return is("Ready")
        && !is("Progressing")
        && seen.builds().stream().allMatch(build -> build.status().phase() == Phase.SUCCEEDED);
  }

  /// Status about an older generation says nothing about what was just applied.
  private boolean isCurrent() {
    return Json.at(seen.app(), "status", "observedGeneration").asLong(0)
        >= Json.generation(seen.app());
  }

  // --- builds ---

  static Row buildRow(ImageBuild build) {
    ImageBuildStatus status = build.status();
    String what = "build " + component(build);
    return switch (status.phase()) {
      case PENDING ->
          Row.of(
              State.RUNNING,
              what,
              build.spec().nodeName().map(node -> "on " + node).orElse("waiting for a host"));
      case SUCCEEDED -> Row.of(State.DONE, what, summary(status));
      case RUNNING -> withSteps(Row.of(State.RUNNING, what, at(status)), status);
      case FAILED -> withSteps(Row.of(State.FAILED, what, failure(build)), status);
    };
  }

  private static String component(ImageBuild build) {
    String repository = build.spec().repository();
    return repository.substring(repository.lastIndexOf('/') + 1);
  }

  private static String summary(ImageBuildStatus status) {
    long cached = status.steps().stream().filter(Step::cached).count();
    Duration took =
        status
            .startTime()
            .flatMap(start -> status.completionTime().map(end -> Duration.between(start, end)))
            .orElse(Duration.ZERO);
    String steps = status.steps().size() + (status.steps().size() == 1 ? " step" : " steps");
    return steps + (cached == 0 ? "" : ", " + cached + " cached") + ", " + Spans.format(took);
  }

  private static String at(ImageBuildStatus status) {
    return status.steps().stream()
        .filter(step -> step.state().equals("Running"))
        .findFirst()
        .map(step -> "step " + step.number() + "/" + step.total())
        .orElse("starting");
  }

  private static Row withSteps(Row row, ImageBuildStatus status) {
    Row all = row;
    for (Step step : status.steps()) {
      if (!step.state().equals("Pending")) {
        all = all.with(stepRow(step));
      }
    }
    return all;
  }

  private static Row stepRow(Step step) {
    State state =
        switch (step.state()) {
          case "Done" -> step.cached() ? State.UNCHANGED : State.DONE;
          case "Failed" -> State.FAILED;
          default -> State.RUNNING;
        };
    String instruction =
        step.instruction().length() > 46
            ? step.instruction().substring(0, 43) + "..."
            : step.instruction();
    String detail =
        state == State.RUNNING
            ? "running"
            : step.cached() ? "cached" : step.duration().map(Spans::format).orElse("");
    return Row.of(state, step.number() + "/" + step.total() + " " + instruction, detail);
  }

  static String failure(ImageBuild build) {
    return build
        .status()
        .failure()
        .map(failure -> place(build, failure) + failure.message())
        .orElse("failed");
  }

  private static String place(ImageBuild build, ImageBuildStatus.Failure failure) {
    return failure.line() <= 0
        ? ""
        : build.spec().containerScript()
            + ":"
            + failure.line()
            + " "
            + failure.instruction()
            + ": ";
  }

  private static Outcome failedBuild(ImageBuild build) {
    List<String> output =
        build.status().failure().map(ImageBuildStatus.Failure::lastOutput).orElse(List.of());
    return new Outcome.Failed(
        "build of " + component(build) + " failed: " + failure(build),
        "",
        false,
        output,
        "imagebuild/" + build.name(),
        Duration.ZERO);
  }

  // --- containers ---

  private Row componentRow(String component) {
    List<? extends JsonNode> pods = podsOf(component);
    boolean ready = is(component.equals("model") ? "ModelReady" : "AppReady") && isCurrent();
    Row row =
        Row.of(
            ready ? State.DONE : pods.isEmpty() ? State.WAITING : State.RUNNING,
            component,
            counts(component));
    Set<String> wanted = wanted(component).stream().map(Json::name).collect(Collectors.toSet());
    for (JsonNode pod : pods) {
      PodState state = PodState.of(pod, component);
      String age = wanted.contains(Json.name(pod)) ? "" : " (old revision)";
      row =
          row.with(
              Row.of(
                  state.state(),
                  Json.name(pod)
                      + Json.optional(pod, "spec", "nodeName").map(node -> " " + node).orElse(""),
                  state.text() + age));
    }
    return row;
  }

  private String counts(String component) {
    if (component.equals("app")) {
      return ready(Json.at(seen.app(), "status", "app"));
    }
    List<String> revisions = new ArrayList<>();
    Json.at(seen.app(), "status", "revisions")
        .forEach(
            revision ->
                revisions.add(ready(revision) + "   revision " + Json.text(revision, "name")));
    return String.join(", ", revisions);
  }

  private static String ready(JsonNode of) {
    return of.isObject()
        ? of.path("ready").asInt(0) + "/" + of.path("desired").asInt(0) + " ready"
        : "";
  }

  private Row endpointRow() {
    String name =
        "endpoint "
            + Json.name(seen.app())
            + "-"
            + Json.optional(seen.app(), "spec", "endpoint", "name").orElse("model");
    if (is("EndpointReady") && isCurrent()) {
      return Row.of(State.DONE, name, Json.text(seen.app(), "status", "endpoint", "protocol"));
    }
    return Row.of(State.WAITING, name, denied("EndpointReady").map(AppView::why).orElse(""));
  }

  /// An app may fall over while its model is not there yet; that alone is no failure.
  private Optional<Outcome> failedPod() {
    Optional<Outcome> model = failedPod("model");
    return model.isPresent() || !is("ModelReady") ? model : failedPod("app");
  }

  private Optional<Outcome> failedPod(String component) {
    for (JsonNode pod : wanted(component)) {
      PodState state = PodState.of(pod, component);
      if (state.patience().isPresent()) {
        return Optional.of(
            new Outcome.Failed(
                component + " " + state.text(),
                Json.name(pod),
                state.crashed(),
                List.of(),
                "pod/" + Json.name(pod),
                state.patience().get()));
      }
    }
    return Optional.empty();
  }

  private List<? extends JsonNode> wanted(String component) {
    List<? extends JsonNode> pods = podsOf(component);
    return component.equals("model") ? NewestPods.ofModel(seen.app(), pods) : NewestPods.of(pods);
  }

  private List<? extends JsonNode> podsOf(String component) {
    return seen.pods().stream()
        .filter(pod -> component.equals(Json.labels(pod).get("berth.dev/component")))
        .filter(pod -> !Json.isDeleting(pod))
        .sorted(Comparator.comparing((JsonNode pod) -> Json.name(pod)))
        .toList();
  }

  // --- conditions ---

  private boolean is(String type) {
    return Conditions.isTrue(seen.app(), type);
  }

  private Optional<Condition> denied(String type) {
    return Conditions.find(seen.app(), type).filter(c -> c.status().equals(Condition.FALSE));
  }

  private static String why(Condition condition) {
    return condition.message().isEmpty()
        ? condition.reason()
        : condition.reason() + ": " + condition.message();
  }
}
