package dev.berth.controller.modelapp;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.api.modelapp.ModelApp;
import dev.berth.controller.reconcile.Cluster;
import dev.berth.controller.reconcile.Owners;
import dev.berth.controller.reconcile.ReconcileLoop;
import dev.berth.controller.reconcile.Reconciler;
import dev.berth.controller.reconcile.Result;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// Observes one ModelApp with everything that belongs to it, plans, performs.
public final class ModelAppReconciler implements Reconciler {
  private static final String INGRESS_PORT = "berth.dev/ingress-port";
  private static final List<ResourceType> CHILDREN =
      List.of(Kinds.DEPLOYMENT, Kinds.SERVICE, Kinds.ENDPOINT_SLICE);
  private static final List<ResourceType> LABELLED = List.of(Kinds.POD, Kinds.IMAGE_BUILD);

  private static final List<ResourceType> REFERRED = List.of(Kinds.SECRET, Kinds.CONFIG_MAP);

  private final Cluster cluster;

  public ModelAppReconciler(Cluster cluster) {
    this.cluster = cluster;
  }

  public static void wire(Cluster cluster, ReconcileLoop loop) {
    cluster.onChange(
        Kinds.MODEL_APP,
        change -> {
          loop.add(ObjectKey.of(change.after()));
          addRivals(cluster, loop, change.after());
        });
    for (ResourceType type : CHILDREN) {
      cluster.onChange(
          type,
          change -> {
            Owners.controllerKey(change.after(), Kinds.MODEL_APP).ifPresent(loop::add);
            addBlocked(cluster, loop, Json.namespace(change.after()));
          });
    }
    for (ResourceType type : LABELLED) {
      cluster.onChange(type, change -> named(change.after()).ifPresent(loop::add));
    }
    wireReferences(cluster, loop);
  }

  /// What they refer to may be there now.
  private static void wireReferences(Cluster cluster, ReconcileLoop loop) {
    for (ResourceType type : REFERRED) {
      cluster.onChange(type, change -> addBlocked(cluster, loop, Json.namespace(change.after())));
    }
  }

  private static Optional<ObjectKey> named(ObjectNode object) {
    return Optional.ofNullable(Json.labels(object).get(Labels.MODEL_APP))
        .map(name -> new ObjectKey(Json.namespace(object), name));
  }

  /// Others that want the same host may have it now, or not any more.
  private static void addRivals(Cluster cluster, ReconcileLoop loop, ObjectNode changed) {
    String host = Json.text(changed, "spec", "ingress", "host");
    for (ObjectNode other : cluster.all(Kinds.MODEL_APP)) {
      boolean rejected =
          Json.at(other, "status", "conditions").toString().contains("\"HostConflict\"");
      boolean sameHost =
          !host.isEmpty() && Json.text(other, "spec", "ingress", "host").equals(host);
      if (rejected || sameHost) {
        loop.add(ObjectKey.of(other));
      }
    }
  }

  /// The name that they miss may be free now.
  private static void addBlocked(Cluster cluster, ReconcileLoop loop, String namespace) {
    cluster.inNamespace(Kinds.MODEL_APP, namespace).stream()
        .filter(app -> Conditions.find(app, "SpecAccepted").filter(c -> !c.isTrue()).isPresent())
        .forEach(app -> loop.add(ObjectKey.of(app)));
  }

  @Override
  public Result reconcile(ObjectKey key) {
    Optional<ObjectNode> found = cluster.find(Kinds.MODEL_APP, key);
    if (found.isPresent()) {
      perform(observe(key, found.get()));
    }
    return Result.DONE;
  }

  /// A refused child must not keep the status from saying so.
  private void perform(Observed observed) {
    try {
      cluster.perform(ModelAppPlan.plan(observed, cluster.now()));
    } catch (ApiException e) {
      if (isFinal(e.error())) {
        cluster.perform(ModelAppPlan.refused(observed, e.error().message(), cluster.now()));
      }
      throw e;
    }
  }

  private static boolean isFinal(ApiError error) {
    return error instanceof ApiError.Invalid
        || error instanceof ApiError.Forbidden
        || error instanceof ApiError.BadRequest;
  }

  private Observed observe(ObjectKey key, ObjectNode tree) {
    String uid = Json.uid(tree);
    return new Observed(
        tree,
        ModelApp.read(tree),
        cluster.all(Kinds.MODEL_APP).stream()
            .filter(other -> !Json.uid(other).equals(uid))
            .toList(),
        owned(Kinds.DEPLOYMENT, uid),
        cluster.inNamespace(Kinds.SERVICE, key.namespace()),
        owned(Kinds.ENDPOINT_SLICE, uid),
        foreign(key.namespace(), uid),
        labelled(Kinds.POD, key),
        labelled(Kinds.IMAGE_BUILD, key),
        References.Present.of(
            cluster.inNamespace(Kinds.SECRET, key.namespace()),
            cluster.inNamespace(Kinds.CONFIG_MAP, key.namespace())),
        ingressPort());
  }

  private List<ObjectNode> owned(ResourceType type, String uid) {
    return cluster.ownedBy(type, uid).stream().filter(child -> !Json.isDeleting(child)).toList();
  }

  private List<ObjectNode> foreign(String namespace, String uid) {
    return Stream.of(Kinds.DEPLOYMENT, Kinds.ENDPOINT_SLICE)
        .flatMap(type -> cluster.inNamespace(type, namespace).stream())
        .filter(object -> !Owners.isControlledBy(object, uid))
        .toList();
  }

  private List<ObjectNode> labelled(ResourceType type, ObjectKey key) {
    return cluster.inNamespace(type, key.namespace()).stream()
        .filter(object -> key.name().equals(Json.labels(object).get(Labels.MODEL_APP)))
        .toList();
  }

  private Optional<String> ingressPort() {
    return cluster.all(Kinds.NODE).stream()
        .flatMap(node -> Json.annotation(node, INGRESS_PORT).stream())
        .findFirst();
  }
}
