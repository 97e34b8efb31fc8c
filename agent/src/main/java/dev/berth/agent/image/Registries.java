package dev.berth.agent.image;

import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.client.ApiClient;
import dev.berth.client.Registry;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// The registry behind an origin; one client for each host. Offline there is only the cluster's.
public final class Registries {
  private final ApiClient api;
  private final Registry cluster;
  private final boolean offline;
  private final Map<String, Registry> remotes = new ConcurrentHashMap<>();

  public Registries(ApiClient api, boolean offline) {
    this.api = api;
    this.cluster = Registry.ofCluster(api);
    this.offline = offline;
  }

  public Registry cluster() {
    return cluster;
  }

  /// The names in the cluster's repository; none when it cannot say.
  List<String> repositories() {
    try {
      HttpResponse<InputStream> answer = api.raw("GET", "/v2/_catalog");
      try (InputStream in = answer.body()) {
        return Json.parse(in.readAllBytes())
            .path("repositories")
            .valueStream()
            .map(JsonNode::asString)
            .toList();
      }
    } catch (IOException | ApiException | JacksonException e) {
      return List.of();
    }
  }

  List<String> tags(String repository) {
    try {
      return cluster.tags(repository);
    } catch (IOException e) {
      return List.of();
    }
  }

  List<String> tags(Origin origin) {
    try {
      Optional<Registry> registry = of(origin);
      return registry.isPresent() ? registry.get().tags(origin.repository()) : List.of();
    } catch (IOException | RuntimeException e) {
      return List.of(); // they would only have been a help
    }
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
