package dev.berth.e2e.operator;

import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/// The process: serves greetings of all namespaces as long as it leads. Without arguments; the API
/// is what `KUBECONFIG` names.
public final class GreetingOperator {
  private GreetingOperator() {}

  public static void main(String[] args) throws InterruptedException {
    Operator operator =
        new Operator(
            settings ->
                settings
                    .withKubernetesClient(new KubernetesClientBuilder().build())
                    .withLeaderElectionConfiguration(
                        LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration("greetings")
                            .withLeaseNamespace("default")
                            // Longer than a server takes to be there again: nobody else may lead.
                            .withLeaseDuration(Duration.ofMinutes(3))
                            .withRenewDeadline(Duration.ofSeconds(150))
                            .build()));
    operator.register(new GreetingReconciler());
    operator.start();
    new CountDownLatch(1).await();
  }
}
