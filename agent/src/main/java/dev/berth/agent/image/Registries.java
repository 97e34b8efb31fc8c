package dev.berth.agent.image;

import dev.berth.client.ApiClient;
import dev.berth.client.Registry;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The registry behind an origin; one client for each host. Offline there is only the cluster's.
public final class Registries {
  private final Registry cluster;
  private final boolean offline;
  private final Map<String, Registry> remotes = new ConcurrentHashMap<>();

  public Registries(ApiClient api, boolean offline) {
    this.cluster = Registry.ofCluster(api);
    this.offline = offline;
  }

  public Registry cluster() {
    return cluster;
  }

  public Optional<Registry> of(Origin origin) {
    return switch (origin) {
      case Origin.Cluster _ -> Optional.of(cluster);
      case Origin.Remote remote ->
          offline
              ? Optional.empty()
              : Optional.of(remotes.computeIfAbsent(remote.host(), Registries::open));
    };
  }

  private static Registry open(String host) {
    boolean local = host.startsWith("localhost") || host.startsWith("127.");
    String base =
        host.equals(Origin.HUB)
            ? "https://registry-1.docker.io"
            : (local ? "http://" : "https://") + host;
    return Registry.of(URI.create(base), null, Optional.empty());
  }
}
