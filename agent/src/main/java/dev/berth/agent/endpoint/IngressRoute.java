package dev.berth.agent.endpoint;

import dev.berth.agent.endpoint.EndpointConfig.ReplicaAddress;
import java.util.List;

/// One host and path prefix that leads to an app.
public record IngressRoute(
    String host, String path, String namespace, String modelApp, List<ReplicaAddress> targets) {
  public IngressRoute {
    targets = List.copyOf(targets);
  }

  /// By whole path segments: `/a` takes `/a` and `/a/b`, not `/ab`.
  boolean matches(String wantedHost, String wantedPath) {
    String prefix = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    return host.equals(wantedHost)
        && (prefix.isEmpty() || wantedPath.equals(prefix) || wantedPath.startsWith(prefix + "/"));
  }
}
