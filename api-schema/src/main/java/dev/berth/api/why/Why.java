package dev.berth.api.why;

import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.LabelSelector;
import dev.berth.api.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Root cause first, then what follows from it, then the fixes: for a ModelApp, Deployment,
/// ReplicaSet, Pod, ImageBuild, Node or Service.
public final class Why {
  private final Situation situation;
  private final JsonNode target;
  private final Evidence evidence;

  private Why(Situation situation, Instant now) {
    this.situation = situation;
    this.target = situation.target();
    this.evidence = new Evidence(situation, now);
  }

  public static Explanation of(Situation situation, Instant now) {
    return new Why(situation, now).explain();
  }

  private Explanation explain() {
    return switch (Json.text(target, "kind")) {
      case "ModelApp" -> new ModelAppStory(situation, evidence).explain();
      case "Pod" -> pod();
      case "Deployment", "ReplicaSet" -> workload();
      case "ImageBuild" -> build();
      case "Node" -> node();
      case "Service" -> service();
      default -> conditions();
    };
  }

  private String subject() {
    return Json.text(target, "kind").toLowerCase(java.util.Locale.ROOT) + " " + Json.name(target);
  }

  private Explanation pod() {
    Optional<Cause> cause = Pods.cause(target, situation.nodes());
    if (cause.isEmpty()) {
      boolean ready =
          Conditions.isTrue(target, "Ready")
              || Json.text(target, "status", "phase").equals("Succeeded");
      return calm(ready, Pods.doing(target).map(doing -> new Link(subject(), doing)));
    }
    return told(List.of(cause.get()), List.of(), List.of(target));
  }

  private Explanation workload() {
    List<JsonNode> pods = selected(Json.at(target, "spec", "selector"));
    long wanted = Json.at(target, "spec", "replicas").asLong(1);
    long ready = pods.stream().filter(Pods::isReady).count();
    List<Cause> causes = Pods.causes(pods, situation.nodes());
    Link state = new Link(subject(), ready + " of " + wanted + " replicas are ready");
    return causes.isEmpty()
        ? calm(ready >= wanted, Optional.of(state))
        : told(causes, List.of(state), pods);
  }

  private List<JsonNode> selected(JsonNode selector) {
    try {
      LabelSelector labels = LabelSelector.of(selector);
      return labels.isEverything()
          ? List.of()
          : situation.pods().stream().filter(pod -> labels.matches(Json.labels(pod))).toList();
    } catch (IllegalArgumentException e) {
      return List.of();
    }
  }

  private Explanation build() {
    Optional<Cause> cause = BuildCauses.of(target);
    String phase = Json.text(target, "status", "phase");
    if (cause.isEmpty()) {
      return calm(phase.equals("Succeeded"), BuildCauses.doing(target).map(t -> link(t)));
    }
    String component = Json.labels(target).getOrDefault(Pods.COMPONENT, "");
    String app = Json.labels(target).getOrDefault(Pods.MODEL_APP, "");
    List<Link> chain =
        app.isEmpty()
            ? List.of()
            : List.of(
                new Link(
                    "modelapp " + app, "the image of its " + component + " is missing until then"));
    return told(List.of(cause.get()), chain, List.of());
  }

  private Link link(String statement) {
    return new Link(subject(), statement);
  }

  private Explanation node() {
    Optional<Cause> cause = NodeCauses.of(target);
    if (cause.isEmpty()) {
      return calm(Conditions.isTrue(target, "Ready"), Optional.empty());
    }
    List<String> names =
        situation.pods().stream()
            .filter(pod -> Json.text(pod, "spec", "nodeName").equals(Json.name(target)))
            .map(Json::name)
            .toList();
    List<Link> chain =
        names.isEmpty()
            ? List.of()
            : List.of(
                new Link(
                    subject(),
                    names.size()
                        + (names.size() == 1 ? " pod is" : " pods are")
                        + " on it: "
                        + some(names)));
    return told(List.of(cause.get()), chain, List.of());
  }

  private static String some(List<String> names) {
    return String.join(", ", names.subList(0, Math.min(5, names.size())))
        + (names.size() > 5 ? ", ..." : "");
  }

  private Explanation service() {
    boolean endpoint = Json.labels(target).getOrDefault(Pods.COMPONENT, "").equals("endpoint");
    String app = Json.labels(target).getOrDefault(Pods.MODEL_APP, "");
    List<JsonNode> pods =
        endpoint ? Pods.of(situation.pods(), app, "model") : matching(Json.at(target, "spec"));
    List<Cause> causes = Pods.causes(pods, situation.nodes());
    long ready = pods.stream().filter(Pods::isReady).count();
    if (ready > 0) {
      return calm(true, Optional.of(link(ready + " of " + pods.size() + " pods are ready")));
    }
    Link dead =
        link(
            endpoint
                ? "has no ready replica, so calls get 503 (berth-reason: no-ready-replica)"
                : "has no ready pod, so connections are refused");
    if (!causes.isEmpty()) {
      return told(causes, List.of(dead), pods);
    }
    return pods.isEmpty() && !endpoint && Json.at(target, "spec", "selector").isObject()
        ? told(List.of(nothingSelected()), List.of(dead), List.of())
        : calm(false, Optional.of(dead));
  }

  private List<JsonNode> matching(JsonNode serviceSpec) {
    var wanted = Json.strings(serviceSpec.path("selector")).entrySet();
    return wanted.isEmpty()
        ? List.of()
        : situation.pods().stream()
            .filter(pod -> Json.labels(pod).entrySet().containsAll(wanted))
            .toList();
  }

  private Cause nothingSelected() {
    return Cause.of(
        Reason.SELECTOR_MATCHES_NOTHING.text(),
        subject(),
        "no pod has the labels of spec.selector: "
            + Json.strings(Json.at(target, "spec", "selector")),
        Remedy.of(
            "correct spec.selector of the Service, or the labels of the pods",
            "berth get pods --show-labels"));
  }

  /// Of a kind that nobody knows more about.
  private Explanation conditions() {
    return Conditions.find(target, "Ready")
        .filter(ready -> !ready.isTrue())
        .map(ready -> calm(false, Optional.of(link(ready.reason() + ": " + ready.message()))))
        .orElseGet(() -> calm(true, Optional.empty()));
  }

  private Explanation calm(boolean healthy, Optional<Link> state) {
    return new Explanation(
        healthy,
        Optional.empty(),
        state.stream().toList(),
        healthy ? List.of() : evidence.of(subject()),
        List.of());
  }

  private Explanation told(List<Cause> causes, List<Link> chain, List<JsonNode> pods) {
    Cause root = causes.getFirst().saidOnce();
    return new Explanation(
        false,
        Optional.of(root),
        chain.stream().filter(link -> !link.subject().equals(root.subject())).toList(),
        evidence.of(root, pods),
        causes.stream().map(Cause::fix).filter(fix -> !fix.isEmpty()).distinct().toList());
  }
}
