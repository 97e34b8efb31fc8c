package dev.berth.controller.modelapp;

import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.modelapp.ModelApp;
import dev.berth.api.modelapp.Protocol;
import dev.berth.api.modelapp.Source;
import dev.berth.api.modelapp.Workload;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The status of a ModelApp, from what is and not from what was asked for.
final class StatusReport {
  /// What passes by itself.
  private static final Set<String> MOVING =
      Set.of("Starting", "Building", "WaitingForImage", "NoReadyReplica");

  static final String ROLLING_OUT = "RollingOut";
  static final String BUILDING = "Building";

  private final Observed observed;
  private final ModelApp app;
  private final Finding accepted;
  private final Optional<Finding> refusal;
  private final Image model;
  private final Optional<Image> web;
  private final Revisions revisions;
  private final Expansion expansion;
  private final Instant now;

  StatusReport(
      Observed observed,
      Finding accepted,
      Optional<Finding> refusal,
      Image model,
      Optional<Image> web,
      Revisions revisions,
      Expansion expansion,
      Instant now) {
    this.observed = observed;
    this.app = observed.app();
    this.accepted = accepted;
    this.refusal = refusal;
    this.model = model;
    this.web = web;
    this.revisions = revisions;
    this.expansion = expansion;
    this.now = now;
  }

  static boolean passes(String reason) {
    return MOVING.contains(reason);
  }

  /// The object with its new status, when that differs.
  Optional<ObjectNode> changed() {
    ObjectNode next = Json.deepCopy(observed.tree());
    ObjectNode status = Json.ensure(next, "status");
    status.put("observedGeneration", (int) app.generation());
    url().ifPresentOrElse(url -> status.put("url", url), () -> status.remove("url"));
    status.putObject("endpoint").put("url", app.endpointUrl()).put("protocol", protocol());
    revisions(status.putArray("revisions"));
    appStatus(status);
    contexts(status);
    Map<String, Finding> findings = findings();
    findings.forEach((type, finding) -> set(next, type, finding));
    if (app.spec().app().isEmpty()) {
      Conditions.remove(next, "AppReady");
    }
    lastFailure(status, findings);
    return normalized(next).equals(observed.tree()) ? Optional.empty() : Optional.of(next);
  }

  private static ObjectNode normalized(ObjectNode tree) {
    return Json.parseObject(Json.bytes(tree));
  }

  private void set(ObjectNode next, String type, Finding finding) {
    Conditions.set(
        next,
        new Condition(
            type,
            finding.holds() ? Condition.TRUE : Condition.FALSE,
            finding.reason(),
            finding.message(),
            now,
            app.generation()));
  }

  private Optional<String> url() {
    return app.spec()
        .ingress()
        .filter(_ -> accepted.holds())
        .map(
            ingress -> {
              String port =
                  observed.ingressPort().filter(p -> !p.equals("80")).map(p -> ":" + p).orElse("");
              String path = ingress.path().equals("/") ? "" : ingress.path();
              return "http://" + ingress.host() + port + path;
            });
  }

  /// What is declared, or what the agent has found out; `auto` while nobody knows.
  private String protocol() {
    Protocol declared = app.spec().endpoint().protocol();
    if (declared != Protocol.AUTO) {
      return declared.text();
    }
    return observed.podsOf(Labels.MODEL).stream()
        .flatMap(pod -> Conditions.find(pod, "berth.dev/EndpointProtocol").stream())
        .filter(Condition::isTrue)
        .map(condition -> spelled(condition.reason()))
        .findFirst()
        .orElse(Protocol.AUTO.text());
  }

  private static String spelled(String reason) {
    return switch (reason) {
      case "OpenInference" -> Protocol.OPEN_INFERENCE.text();
      case "OpenAI" -> Protocol.OPENAI.text();
      default -> Protocol.HTTP.text();
    };
  }

  private void revisions(ArrayNode list) {
    observed.deployments().stream()
        .filter(d -> Workloads.component(d).equals(Labels.MODEL))
        .sorted(Comparator.comparingInt(Workloads::revisionNumber))
        .forEach(
            d -> {
              String name = Revisions.name(d);
              list.addObject()
                  .put("name", name)
                  .put("image", Workloads.image(d))
                  .put("ready", Component.serving(observed.podsOfRevision(name)))
                  .put("desired", Workloads.replicas(d))
                  .put("weight", revisions.weight(name));
            });
  }

  private void appStatus(ObjectNode status) {
    status.remove("app");
    if (app.spec().app().isEmpty()) {
      return;
    }
    ObjectNode node =
        status
            .putObject("app")
            .put("ready", Component.serving(observed.podsOf(Labels.APP)))
            .put("desired", app.spec().scale().app().min());
    observed.deployments().stream()
        .filter(d -> Workloads.component(d).equals(Labels.APP))
        .findFirst()
        .ifPresent(d -> node.put("image", Workloads.image(d)));
  }

  /// Another context is another annotation, which no generation counts: so the status names those
  /// that it speaks of, for who waits until it speaks of the new ones.
  private void contexts(ObjectNode status) {
    ObjectNode contexts = Json.object();
    context(Labels.MODEL, app.spec().model().workload())
        .ifPresent(digest -> contexts.put(Labels.MODEL, digest));
    app.spec()
        .app()
        .flatMap(spec -> context(Labels.APP, spec.workload()))
        .ifPresent(digest -> contexts.put(Labels.APP, digest));
    if (contexts.isEmpty()) {
      status.remove("contexts");
    } else {
      status.set("contexts", contexts);
    }
  }

  private Optional<String> context(String component, Workload workload) {
    return workload.source() instanceof Source.Build
        ? Json.annotation(observed.tree(), Labels.CONTEXT_DIGEST + component)
        : Optional.empty();
  }

  private Map<String, Finding> findings() {
    Map<String, Finding> findings = new LinkedHashMap<>();
    findings.put("SpecAccepted", accepted);
    findings.put("ImagesReady", images());
    findings.put("ModelReady", modelReady());
    findings.put("EndpointReady", endpointReady());
    if (app.spec().app().isPresent()) {
      findings.put("AppReady", appReady());
    }
    Finding ready = ready(findings);
    findings.put("Progressing", progressing(ready, findings));
    findings.put("Ready", ready);
    return findings;
  }

  /// The first thing that does not hold. An image that is being built counts only while nothing
  /// else does the work.
  private Finding ready(Map<String, Finding> findings) {
    return refusal
        .or(
            () ->
                findings.values().stream()
                    .filter(f -> !f.holds() && !f.reason().equals(BUILDING))
                    .findFirst()
                    .map(f -> isWaiting(f) ? images() : f))
        .orElse(Finding.yes("Ready", readyMessage()));
  }

  private static boolean isWaiting(Finding finding) {
    return finding.reason().equals("WaitingForImage");
  }

  private String readyMessage() {
    return app.spec().app().isPresent()
        ? "a model replica and the app are ready"
        : "a model replica is ready";
  }

  private Finding images() {
    List<Image> all = new ArrayList<>(List.of(model));
    web.ifPresent(all::add);
    return all.stream()
        .filter(Image.Missing.class::isInstance)
        .map(image -> ((Image.Missing) image).finding())
        .findFirst()
        .orElse(Finding.yes("AllPresent", "every image is named or built"));
  }

  private Finding modelReady() {
    return model instanceof Image.Missing missing
        ? waiting(missing, Component.serving(observed.podsOf(Labels.MODEL)))
        : modelNow().orElseThrow().finding();
  }

  private Finding appReady() {
    return web.orElseThrow() instanceof Image.Missing missing
        ? waiting(missing, Component.serving(observed.podsOf(Labels.APP)))
        : appNow().orElseThrow().finding();
  }

  private static Finding waiting(Image.Missing image, int serving) {
    Finding finding = image.finding();
    return serving > 0 && finding.reason().equals(BUILDING)
        ? Finding.yes(ROLLING_OUT, finding.message() + "; the one before serves")
        : Finding.no("WaitingForImage", finding.message());
  }

  private Optional<Component> modelNow() {
    return Optional.of(model)
        .flatMap(StatusReport::ready)
        .map(image -> expansion.modelDeployment(image, revisions.wanted()))
        .map(wanted -> Component.ofModel(observed, revisions, wanted));
  }

  private Optional<Component> appNow() {
    return web.flatMap(StatusReport::ready)
        .map(image -> expansion.appDeployment(app.spec().app().orElseThrow(), image))
        .map(wanted -> Component.ofApp(observed, wanted));
  }

  private static Optional<Image.Ready> ready(Image image) {
    return image instanceof Image.Ready ready ? Optional.of(ready) : Optional.empty();
  }

  /// The gateway serves only what is accepted.
  private Finding endpointReady() {
    if (!accepted.holds()) {
      return Finding.no("NotAccepted", "calls are not served: " + accepted.message());
    }
    int ready = Component.serving(observed.podsOfRevision(revisions.serving()));
    return ready > 0
        ? Finding.yes(
            "Serving",
            "revision " + revisions.serving() + " serves with " + ready + " ready replicas")
        : Finding.no(
            "NoReadyReplica",
            "no model replica is ready, so calls get 503 (berth-reason: no-ready-replica)");
  }

  private static Finding progressing(Finding ready, Map<String, Finding> findings) {
    Optional<Finding> rolling =
        findings.values().stream().filter(f -> f.reason().equals(ROLLING_OUT)).findFirst();
    if (!ready.holds()) {
      return passes(ready.reason())
          ? Finding.yes(ready.reason(), ready.message())
          : Finding.no(ready.reason(), ready.message());
    }
    return rolling
        .map(f -> Finding.yes(f.reason(), f.message()))
        .orElse(Finding.no("Complete", "what is asked for runs"));
  }

  /// Of the first on the wire that fails; kept until all is well again, so that nobody misses it
  /// between two tries.
  private void lastFailure(ObjectNode status, Map<String, Finding> findings) {
    Optional<Failure> failure =
        Failure.ofBuild(Labels.MODEL, model)
            .or(() -> modelNow().flatMap(Component::failure))
            .or(() -> web.flatMap(image -> Failure.ofBuild(Labels.APP, image)))
            .or(() -> appNow().flatMap(Component::failure));
    if (failure.isPresent()) {
      status.set("lastFailure", failure.get().toTree());
    } else if (findings.getOrDefault("Ready", accepted).holds()) {
      status.remove("lastFailure");
    }
  }
}
