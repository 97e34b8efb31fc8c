package dev.berth.controller.modelapp;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.api.modelapp.AppSpec;
import dev.berth.api.modelapp.IngressSpec;
import dev.berth.api.modelapp.ModelApp;
import dev.berth.api.modelapp.Workload;
import dev.berth.controller.reconcile.Action;
import dev.berth.controller.reconcile.Owners;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Decides what a ModelApp needs. Pure.
///
/// A change of the model makes a new revision rN: a Deployment and a slice of its own. The revision
/// that serves keeps all traffic until every replica of the new one is ready; then the weights swap
/// and the old Deployment goes in the next round, when the slices say so already.
final class ModelAppPlan {
  private final Observed observed;
  private final ModelApp app;
  private final Expansion expansion;
  private final Instant now;
  private final Image model;
  private final Optional<Image> web;
  private final Revisions revisions;
  private final List<Action> actions = new ArrayList<>();
  private final Map<ObjectKey, ObjectNode> stale = new HashMap<>();

  private ModelAppPlan(Observed observed, Instant now) {
    this.observed = observed;
    this.app = observed.app();
    this.expansion = new Expansion(observed.tree());
    this.now = now;
    this.model = Image.of(observed, Labels.MODEL, app.spec().model().workload());
    this.web = app.spec().app().map(spec -> Image.of(observed, Labels.APP, spec.workload()));
    this.revisions = Revisions.of(observed, model, expansion);
  }

  static List<Action> plan(Observed observed, Instant now) {
    return Json.isDeleting(observed.tree()) ? List.of() : new ModelAppPlan(observed, now).plan();
  }

  /// What to say after a child was refused. What serves goes on serving; with nothing that serves
  /// the spec counts as not accepted.
  static List<Action> refused(Observed observed, String message, Instant now) {
    ModelAppPlan plan = new ModelAppPlan(observed, now);
    Finding refusal = Finding.no("Refused", message);
    boolean serves = Component.serving(observed.podsOfRevision(plan.revisions.serving())) > 0;
    plan.report(serves ? plan.accepted() : refusal, Optional.of(refusal));
    return plan.actions;
  }

  private List<Action> plan() {
    Finding accepted = accepted();
    adoptBuild(model);
    web.ifPresent(this::adoptBuild);
    if (accepted.holds()) {
      expand();
    }
    report(accepted, Optional.empty());
    return actions;
  }

  private void report(Finding accepted, Optional<Finding> refusal) {
    StatusReport report =
        new StatusReport(observed, accepted, refusal, model, web, revisions, expansion, now);
    report
        .changed()
        .ifPresent(
            tree -> {
              actions.add(new Action.UpdateStatus(Kinds.MODEL_APP, tree));
              News.between(observed.tree(), tree)
                  .ifPresent(note -> actions.add(new Action.Emit(note)));
            });
  }

  private void adoptBuild(Image image) {
    Optional<ObjectNode> build =
        switch (image) {
          case Image.Ready ready -> ready.build();
          case Image.Missing missing -> missing.build();
        };
    build
        .flatMap(found -> Image.adopted(found, observed.tree()))
        .ifPresent(adopted -> actions.add(new Action.Update(Kinds.IMAGE_BUILD, adopted)));
  }

  private Finding accepted() {
    return hostConflict()
        .or(this::nameTaken)
        .or(() -> contextMissing(model))
        .or(() -> web.flatMap(ModelAppPlan::contextMissing))
        .or(this::referenceMissing)
        .orElse(Finding.yes("Accepted", "the spec is valid and its names are free"));
  }

  /// While something serves, its endpoint and ingress must go on: then the pods that miss what they
  /// refer to say so themselves.
  private Optional<Finding> referenceMissing() {
    if (observed.serves()) {
      return Optional.empty();
    }
    return missing(Labels.MODEL, app.spec().model().workload())
        .or(() -> app.spec().app().flatMap(spec -> missing(Labels.APP, spec.workload())));
  }

  private Optional<Finding> missing(String component, Workload workload) {
    return References.missing(component, workload, app.namespace(), observed.present());
  }

  private static Optional<Finding> contextMissing(Image image) {
    return image instanceof Image.Missing missing && missing.context()
        ? Optional.of(missing.finding())
        : Optional.empty();
  }

  /// Of two that want one host and path, the older has it.
  private Optional<Finding> hostConflict() {
    Optional<IngressSpec> mine = app.spec().ingress();
    return mine.flatMap(
        ingress ->
            observed.others().stream()
                .filter(other -> isOlder(other, observed.tree()))
                .filter(other -> wantsSame(other, ingress))
                .findFirst()
                .map(other -> conflict(ingress, other)));
  }

  private static boolean wantsSame(ObjectNode other, IngressSpec ingress) {
    return ModelApp.read(other).spec().ingress().map(ingress::equals).orElse(false);
  }

  private Finding conflict(IngressSpec ingress, ObjectNode other) {
    return Finding.no(
        "HostConflict",
        "ModelApp "
            + app.key()
            + " wants ingress host \""
            + ingress.host()
            + "\" path \""
            + ingress.path()
            + "\", but ModelApp "
            + ObjectKey.of(other)
            + " has it already: choose another host or path for one of them");
  }

  private static boolean isOlder(ObjectNode a, ObjectNode b) {
    return Comparator.<ObjectNode, String>comparing(
                o -> Json.text(o, "metadata", "creationTimestamp"))
            .thenComparing(Json::uid)
            .compare(a, b)
        < 0;
  }

  private Optional<Finding> nameTaken() {
    boolean clash = app.spec().app().isPresent() && app.endpointService().equals(app.appService());
    if (clash) {
      return Optional.of(
          Finding.no(
              "NameTaken",
              "spec.endpoint.name \"app\" is the name of the app's own Service: choose another"));
    }
    String uid = Json.uid(observed.tree());
    return Stream.concat(observed.services().stream(), observed.foreign().stream())
        .filter(object -> !Owners.isControlledBy(object, uid))
        .filter(object -> names().contains(key(type(object), object)))
        .findFirst()
        .map(ModelAppPlan::taken);
  }

  private static Finding taken(ObjectNode object) {
    return Finding.no(
        "NameTaken",
        "there is "
            + type(object).kind()
            + " "
            + ObjectKey.of(object)
            + " that is not this ModelApp's");
  }

  /// Of everything that the expansion makes.
  private Set<ObjectKey> names() {
    Set<ObjectKey> names = new HashSet<>();
    names.add(key(Kinds.SERVICE, app.endpointService()));
    if (model instanceof Image.Ready) {
      names.add(key(Kinds.DEPLOYMENT, app.name() + "-model-" + revisions.wanted()));
      names.add(key(Kinds.ENDPOINT_SLICE, app.endpointService() + "-" + revisions.wanted()));
    }
    if (web.isPresent()) {
      names.add(key(Kinds.SERVICE, app.appService()));
      names.add(key(Kinds.DEPLOYMENT, app.name() + "-app"));
    }
    return names;
  }

  private void expand() {
    rememberChildren();
    want(Kinds.SERVICE, expansion.endpointService());
    model();
    web.ifPresent(this::app);
    stale.values().forEach(child -> actions.add(Action.Delete.of(type(child), child)));
  }

  /// Children that no step below wants are deleted at the end.
  private void rememberChildren() {
    observed.deployments().forEach(child -> stale.put(key(Kinds.DEPLOYMENT, child), child));
    observed.slices().forEach(child -> stale.put(key(Kinds.ENDPOINT_SLICE, child), child));
    observed.services().stream()
        .filter(service -> Owners.isControlledBy(service, Json.uid(observed.tree())))
        .forEach(child -> stale.put(key(Kinds.SERVICE, child), child));
  }

  private static ObjectKey key(ResourceType type, JsonNode object) {
    return key(type, Json.name(object));
  }

  private static ObjectKey key(ResourceType type, String name) {
    return new ObjectKey(type.plural(), name);
  }

  private static ResourceType type(JsonNode child) {
    return Kinds.byKind(dev.berth.api.GroupVersionKind.of(child)).orElseThrow();
  }

  private void model() {
    if (model instanceof Image.Ready ready) {
      ObjectNode wanted = expansion.modelDeployment(ready, revisions.wanted());
      want(Kinds.DEPLOYMENT, wanted);
      slice(revisions.wanted(), ready.port(), revisions.weight(revisions.wanted()));
    }
    for (ObjectNode old : revisions.kept()) {
      stale.remove(key(Kinds.DEPLOYMENT, old));
      String revision = Revisions.name(old);
      slice(revision, Workloads.port(old), revisions.weight(revision));
    }
  }

  private void slice(String revision, int port, int weight) {
    want(
        Kinds.ENDPOINT_SLICE,
        expansion.slice(revision, port, weight, observed.podsOfRevision(revision)));
  }

  private void app(Image image) {
    AppSpec spec = app.spec().app().orElseThrow();
    if (image instanceof Image.Ready ready) {
      want(Kinds.DEPLOYMENT, expansion.appDeployment(spec, ready));
      want(Kinds.SERVICE, expansion.appService(ready.port()));
    } else {
      stale.remove(key(Kinds.DEPLOYMENT, app.name() + "-app"));
      stale.remove(key(Kinds.SERVICE, app.appService()));
    }
  }

  private void want(ResourceType type, ObjectNode wanted) {
    ObjectNode present = stale.remove(key(type, wanted));
    if (present == null) {
      actions.add(new Action.Create(type, wanted));
    } else if (!sealOf(present).equals(sealOf(wanted))) {
      actions.add(new Action.Update(type, replaced(present, wanted)));
    } else {
      ObjectNode same = Expansion.asOldAs(present, wanted);
      if (wasEdited(present, same)) {
        actions.add(new Action.Update(type, replaced(present, same)));
      }
    }
  }

  /// Somebody else has changed what the expansion says; what it does not say is theirs.
  private static boolean wasEdited(JsonNode present, ObjectNode wanted) {
    ObjectNode ours = Json.parseObject(Json.bytes(wanted));
    ours.remove(List.of("metadata", "status"));
    return !holds(present, ours);
  }

  /// Everything in `part` is in `whole`, which may have more fields (defaults), but no more
  /// elements.
  private static boolean holds(JsonNode whole, JsonNode part) {
    return switch (part) {
      case ObjectNode fields ->
          fields.properties().stream()
              .allMatch(field -> holds(whole.path(field.getKey()), field.getValue()));
      case ArrayNode elements ->
          whole.size() == elements.size()
              && IntStream.range(0, elements.size())
                  .allMatch(i -> holds(whole.path(i), elements.path(i)));
      default -> whole.equals(part);
    };
  }

  private static String sealOf(JsonNode object) {
    return Json.annotation(object, Labels.EXPANSION_HASH).orElse("");
  }

  /// Ours are labels, annotations and everything below; identity and status stay.
  private static ObjectNode replaced(ObjectNode present, ObjectNode wanted) {
    ObjectNode next = Json.deepCopy(wanted);
    ObjectNode meta = Json.deepCopy(present.path("metadata"));
    meta.set("labels", Json.at(wanted, "metadata", "labels"));
    ObjectNode annotations = Json.ensure(meta, "annotations");
    Json.annotations(wanted).forEach(annotations::put);
    next.set("metadata", meta);
    return next;
  }
}
