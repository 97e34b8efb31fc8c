package dev.berth.api.why;

import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Layer;
import dev.berth.api.Reason;
import dev.berth.api.Times;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/// Why a ModelApp is not Ready. Model and app hang on one wire: when the model is down, an app that
/// does not start may only be waiting for it, so the model is looked at first.
final class ModelAppStory {
  private static final String MODEL = "model";
  private static final String APP = "app";
  private static final List<String> WIRE =
      List.of("SpecAccepted", "ImagesReady", "ModelReady", "EndpointReady", "AppReady");

  /// A cause with the part of the ModelApp that it was found in.
  private record Found(String component, Cause cause) {
    /// The app's own end proves nothing while the model is down.
    boolean mayFollow() {
      return component.equals(APP) && cause.layer().compareTo(Layer.START) >= 0;
    }
  }

  private final Situation situation;
  private final Evidence evidence;
  private final JsonNode app;
  private final String name;
  private final List<JsonNode> models;
  private final List<JsonNode> webs;

  ModelAppStory(Situation situation, Evidence evidence) {
    this.situation = situation;
    this.evidence = evidence;
    this.app = situation.target();
    this.name = Json.name(app);
    this.models = Pods.of(situation.pods(), name, MODEL);
    this.webs = Pods.of(situation.pods(), name, APP);
  }

  private String subject() {
    return "modelapp " + name;
  }

  Explanation explain() {
    List<Found> found = found();
    boolean ready = Conditions.isTrue(app, "Ready");
    if (found.isEmpty()) {
      return ready
          ? new Explanation(true, Optional.empty(), List.of(), List.of(), List.of())
          : underWay();
    }
    Cause root = since(found.getFirst()).saidOnce();
    return new Explanation(
        false,
        Optional.of(root),
        chain(found),
        evidence.of(root, Stream.concat(models.stream(), webs.stream()).toList()),
        found.stream().map(f -> f.cause().fix()).filter(f -> !f.isEmpty()).distinct().toList());
  }

  /// The component's condition keeps the time while pods come and go.
  private Cause since(Found found) {
    String type = found.component().equals(APP) ? "AppReady" : "ModelReady";
    return found
        .cause()
        .at(
            Conditions.find(app, type)
                .filter(c -> c.status().equals(Condition.FALSE) && !found.component().isEmpty())
                .flatMap(ModelAppStory::since));
  }

  private List<Found> found() {
    List<Found> all = new ArrayList<>();
    refused().ifPresent(cause -> all.add(new Found("", cause)));
    for (String component : List.of(MODEL, APP)) {
      builds(component)
          .flatMap(build -> BuildCauses.of(build).stream())
          .forEach(cause -> all.add(new Found(component, cause)));
    }
    Pods.causes(models, situation.nodes()).forEach(cause -> all.add(new Found(MODEL, cause)));
    Pods.causes(webs, situation.nodes()).forEach(cause -> all.add(new Found(APP, cause)));
    if (all.isEmpty()) {
      last().ifPresent(all::add);
    }
    boolean model = all.stream().anyMatch(f -> f.component().equals(MODEL));
    return all.stream()
        .sorted(
            Comparator.<Found, Boolean>comparing(f -> model && f.mayFollow())
                .thenComparing(f -> f.cause().layer())
                .thenComparing(f -> f.component().equals(APP)))
        .toList();
  }

  /// Only of what is packed now: an earlier build's failure is history.
  private Stream<JsonNode> builds(String component) {
    Optional<String> digest = Json.annotation(app, "berth.dev/context-digest." + component);
    return situation.builds().stream()
        .filter(build -> Json.labels(build).getOrDefault(Pods.MODEL_APP, "").equals(name))
        .filter(build -> Json.labels(build).getOrDefault(Pods.COMPONENT, "").equals(component))
        .filter(
            build ->
                digest.map(d -> Json.text(build, "spec", "contextDigest").equals(d)).orElse(false));
  }

  private Optional<Cause> refused() {
    return Conditions.find(app, "SpecAccepted")
        .filter(c -> c.status().equals(Condition.FALSE))
        .or(this::refusedChild)
        .or(this::ambiguousPort)
        .map(
            c ->
                Cause.of(
                        c.reason(),
                        subject(),
                        c.message(),
                        SpecRemedies.of(c.reason(), c.message()))
                    .at(since(c)));
  }

  /// The spec was accepted and serves in an older revision, but what was made of it was refused.
  private Optional<Condition> refusedChild() {
    return Conditions.find(app, "Ready")
        .filter(c -> c.status().equals(Condition.FALSE))
        .filter(c -> c.reason().equals(Reason.REFUSED.text()));
  }

  /// The image is there, but the spec does not say which of its ports is meant.
  private Optional<Condition> ambiguousPort() {
    return Conditions.find(app, "ImagesReady")
        .filter(c -> c.status().equals(Condition.FALSE))
        .filter(c -> c.reason().equals(Reason.AMBIGUOUS_PORT.text()));
  }

  private static Optional<Instant> since(Condition c) {
    return Optional.of(c.lastTransitionTime()).filter(time -> !time.equals(Instant.EPOCH));
  }

  /// The pod of the last failure may be gone, and what the controller said of it is still true.
  private Optional<Found> last() {
    JsonNode last = Json.at(app, "status", "lastFailure");
    if (!last.isObject() || Conditions.isTrue(app, "Ready")) {
      return Optional.empty();
    }
    return Optional.of(
        new Found(
            Json.text(last, "component"),
            new Cause(
                Json.text(last, "reason"),
                "pod " + Json.text(last, "pod"),
                Json.text(last, "message"),
                Json.text(last, "hint"),
                Optional.empty(),
                last.path("exitCode").isNumber()
                    ? OptionalInt.of(last.path("exitCode").asInt(0))
                    : OptionalInt.empty(),
                Json.optional(last, "signal"),
                Times.at(last, "time"),
                StreamSupport.stream(last.path("logTail").spliterator(), false)
                    .map(line -> line.asString(""))
                    .toList())));
  }

  private Explanation underWay() {
    List<Link> links =
        WIRE.stream()
            .flatMap(type -> Conditions.find(app, type).stream())
            .filter(c -> c.status().equals(Condition.FALSE))
            .map(c -> new Link(subject(), c.type() + " is False: " + c.message()))
            .distinct()
            .toList();
    return new Explanation(false, Optional.empty(), links, evidence.of(subject()), List.of());
  }

  private List<Link> chain(List<Found> found) {
    List<Link> chain = new ArrayList<>();
    endpoint(found).ifPresent(chain::add);
    app(found).ifPresent(chain::add);
    found.stream()
        .skip(1)
        .filter(f -> !f.cause().subject().equals(found.getFirst().cause().subject()))
        .filter(f -> !f.cause().message().equals(found.getFirst().cause().message()))
        .forEach(f -> chain.add(new Link(f.cause().subject(), f.cause().message())));
    return chain;
  }

  private String endpointName() {
    return name + "-" + Json.optional(app, "spec", "endpoint", "name").orElse(MODEL);
  }

  private boolean modelServes() {
    return models.stream().anyMatch(Pods::isReady);
  }

  private Optional<Link> endpoint(List<Found> found) {
    if (modelServes()) {
      boolean failing = found.stream().anyMatch(f -> f.component().equals(MODEL));
      return failing
          ? Optional.of(
              new Link(
                  "endpoint " + endpointName(), "goes on serving with the replicas that are ready"))
          : Optional.empty();
    }
    return Optional.of(
        new Link(
            "endpoint " + endpointName(),
            "has no ready replica, so calls get 503 (berth-reason: no-ready-replica)"));
  }

  private Optional<Link> app(List<Found> found) {
    if (modelServes() || !Json.at(app, "spec", "app").isObject()) {
      return Optional.empty();
    }
    String subject = "app " + name + "-app";
    if (webs.stream().anyMatch(Pods::isReady)) {
      return Optional.of(new Link(subject, "runs, but every call of the model fails"));
    }
    boolean own = found.stream().anyMatch(f -> f.component().equals(APP));
    return own ? Optional.empty() : Optional.of(new Link(subject, "waits for the model"));
  }
}
