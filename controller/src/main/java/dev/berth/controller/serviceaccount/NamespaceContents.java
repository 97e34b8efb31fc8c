package dev.berth.controller.serviceaccount;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.controller.reconcile.Action;
import dev.berth.controller.reconcile.Cluster;
import dev.berth.controller.reconcile.ReconcileLoop;
import dev.berth.controller.reconcile.Reconciler;
import dev.berth.controller.reconcile.Result;
import dev.berth.controller.resource.ListWatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// What every namespace holds: the ServiceAccount `default`, and the CA certificate in a ConfigMap,
/// which is healed when somebody changes or deletes it.
public final class NamespaceContents implements Reconciler {
  static final String ROOT_CA = "kube-root-ca.crt";
  private static final String ACCOUNT = "default";

  private final Cluster cluster;
  private final String caCertificate;

  /// @param caCertificate PEM
  public NamespaceContents(Cluster cluster, String caCertificate) {
    this.cluster = cluster;
    this.caCertificate = caCertificate;
  }

  /// A namespace is looked at when it comes, and when what it shall hold changes.
  public static void wire(Cluster cluster, ReconcileLoop loop) {
    cluster.onChange(Kinds.NAMESPACE, change -> loop.add(ObjectKey.of(change.after())));
    cluster.onChange(
        Kinds.SERVICE_ACCOUNT,
        change -> {
          if (change.deleted()) {
            again(loop, change, ACCOUNT);
          }
        });
    cluster.onChange(Kinds.CONFIG_MAP, change -> again(loop, change, ROOT_CA));
  }

  private static void again(ReconcileLoop loop, ListWatch.Change change, String name) {
    if (Json.name(change.after()).equals(name)) {
      loop.add(ObjectKey.clusterScoped(Json.namespace(change.after())));
    }
  }

  @Override
  public Result reconcile(ObjectKey key) {
    cluster
        .find(Kinds.NAMESPACE, key)
        .filter(namespace -> !Json.isDeleting(namespace))
        .ifPresent(namespace -> cluster.perform(plan(key.name())));
    return Result.DONE;
  }

  private List<Action> plan(String namespace) {
    return plan(
        namespace,
        cluster.find(Kinds.SERVICE_ACCOUNT, new ObjectKey(namespace, ACCOUNT)),
        cluster.find(Kinds.CONFIG_MAP, new ObjectKey(namespace, ROOT_CA)),
        caCertificate);
  }

  static List<Action> plan(
      String namespace,
      Optional<ObjectNode> account,
      Optional<ObjectNode> rootCa,
      String certificate) {
    List<Action> actions = new ArrayList<>();
    if (account.isEmpty()) {
      ObjectNode made = Json.object().put("apiVersion", "v1").put("kind", "ServiceAccount");
      Json.meta(made).put("name", ACCOUNT).put("namespace", namespace);
      actions.add(new Action.Create(Kinds.SERVICE_ACCOUNT, made));
    }
    if (rootCa.isEmpty()) {
      ObjectNode made = Json.object().put("apiVersion", "v1").put("kind", "ConfigMap");
      Json.meta(made).put("name", ROOT_CA).put("namespace", namespace);
      actions.add(new Action.Create(Kinds.CONFIG_MAP, withCertificate(made, certificate)));
    } else if (!Json.text(rootCa.get(), "data", "ca.crt").equals(certificate)) {
      ObjectNode healed = withCertificate(Json.deepCopy(rootCa.get()), certificate);
      actions.add(new Action.Update(Kinds.CONFIG_MAP, healed));
    }
    return actions;
  }

  private static ObjectNode withCertificate(ObjectNode map, String certificate) {
    map.putObject("data").put("ca.crt", certificate);
    return map;
  }
}
