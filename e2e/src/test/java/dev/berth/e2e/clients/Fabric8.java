package dev.berth.e2e.clients;

import dev.berth.e2e.Door;
import dev.berth.e2e.TestHost;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;

/// The library's client for a test host's API, through a door.
final class Fabric8 {
  private Fabric8() {}

  static KubernetesClient client(TestHost host, Door door) throws IOException {
    String kubeconfig =
        Files.readString(host.dataDir().resolve("admin.kubeconfig"))
            .replace("127.0.0.1:6443", "127.0.0.1:" + door.port());
    Config config = Config.fromKubeconfig(kubeconfig);
    return new KubernetesClientBuilder().withConfig(config).build();
  }
}
