package dev.berth.e2e.operator;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.Workflow;
import io.javaoperatorsdk.operator.api.reconciler.dependent.Dependent;
import java.util.Map;

/// As small as an operator can be that does what operators do: a dependent, a status, and a
/// finalizer (the library adds one because this is a cleaner). On the library's own threads.
@Workflow(dependents = @Dependent(type = GreetingMap.class))
@ControllerConfiguration
public final class GreetingReconciler implements Reconciler<Greeting>, Cleaner<Greeting> {

  /// The dependent has been seen to by now. The library applies the status on the server, so what
  /// is given to it has nothing else in it.
  @Override
  public UpdateControl<Greeting> reconcile(Greeting greeting, Context<Greeting> context) {
    Greeting done = new Greeting();
    done.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(greeting.getMetadata().getNamespace())
            .withName(greeting.getMetadata().getName())
            .build());
    Greeting.Status status = new Greeting.Status();
    status.said =
        context
            .getSecondaryResource(ConfigMap.class)
            .map(map -> map.getData().getOrDefault("text", ""))
            .orElse("");
    status.observedGeneration = greeting.getMetadata().getGeneration();
    done.setStatus(status);
    return UpdateControl.patchStatus(done);
  }

  /// Leaves a farewell behind, which nobody owns: the test sees by it that the finalizer held the
  /// greeting until this was done.
  @Override
  public DeleteControl cleanup(Greeting greeting, Context<Greeting> context) {
    context
        .getClient()
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(greeting.getMetadata().getNamespace())
                .withName("farewell-" + greeting.getMetadata().getName())
                .endMetadata()
                .withData(Map.of("text", "goodbye"))
                .build())
        .serverSideApply();
    return DeleteControl.defaultDelete();
  }
}
