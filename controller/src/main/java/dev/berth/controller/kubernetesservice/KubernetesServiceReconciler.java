package dev.berth.controller.kubernetesservice;

import dev.berth.api.ApiException;
import dev.berth.api.ObjectKey;
import dev.berth.controller.reconcile.Cluster;
import dev.berth.controller.reconcile.ReconcileLoop;
import dev.berth.controller.reconcile.Reconciler;
import dev.berth.controller.reconcile.Result;
import java.time.Duration;
import java.util.function.Supplier;

/// Makes the Service, its slice and its Endpoints at the start and whenever somebody has changed or
/// deleted one of them; looks again each minute, because the host's address may change and because
/// a refusal (a Service of an earlier version that has the address) may be over by then.
public final class KubernetesServiceReconciler implements Reconciler {
  private static final Duration AGAIN = Duration.ofMinutes(1);

  private final Cluster cluster;
  private final Supplier<ApiAddresses> api;

  /// @param api asked at each reconcile: a host may get another address
  public KubernetesServiceReconciler(Cluster cluster, Supplier<ApiAddresses> api) {
    this.cluster = cluster;
    this.api = api;
  }

  public static void wire(Cluster cluster, ReconcileLoop loop) {
    ServicePlan.KINDS.forEach(
        type ->
            cluster.onChange(
                type,
                change -> {
                  if (ObjectKey.of(change.after()).equals(ServicePlan.KEY)) {
                    loop.add(ServicePlan.KEY);
                  }
                }));
  }

  /// Asks for the first look, when there is nothing yet that could change.
  public static void begin(ReconcileLoop loop) {
    loop.add(ServicePlan.KEY);
  }

  @Override
  public Result reconcile(ObjectKey key) {
    if (!key.equals(ServicePlan.KEY)) {
      return Result.DONE;
    }
    try {
      cluster.perform(ServicePlan.plan(api.get(), cluster::find));
    } catch (ApiException e) {
      return new Result.Retry(e.error().message());
    }
    return new Result.RequeueAfter(AGAIN);
  }
}
