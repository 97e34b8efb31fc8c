package dev.berth.e2e.operator;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.CRUDKubernetesDependentResource;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;
import java.util.Map;

/// The dependent of a greeting: a ConfigMap that it owns, with the text. The library applies it on
/// the server, and tells by its managed fields whether somebody changed what is the operator's.
@KubernetesDependent(informer = @Informer(labelSelector = GreetingMap.LABEL))
public final class GreetingMap extends CRUDKubernetesDependentResource<ConfigMap, Greeting> {
  static final String LABEL = "proofs.berth.dev/greeting";

  @Override
  protected ConfigMap desired(Greeting greeting, Context<Greeting> context) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withNamespace(greeting.getMetadata().getNamespace())
        .withName(greeting.getMetadata().getName())
        .addToLabels(LABEL, "yes")
        .endMetadata()
        .withData(Map.of("text", greeting.getSpec().text))
        .build();
  }
}
