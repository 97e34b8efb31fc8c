package dev.berth.agent.endpoint;

import dev.berth.api.modelapp.Protocol;
import java.time.Duration;
import java.util.List;

/// What the gateway knows of one endpoint. A `concurrency` of 0 means no limit for each replica.
///
/// @param version of the model, as its author named it; may be empty
public record EndpointConfig(
    String namespace,
    String modelApp,
    String service,
    Protocol protocol,
    String modelName,
    String version,
    String basePath,
    Duration timeout,
    int concurrency,
    List<ReplicaAddress> replicas) {
  public EndpointConfig {
    replicas = List.copyOf(replicas);
  }

  /// `namespace/service`, the name under which everybody looks it up.
  public String key() {
    return namespace + "/" + service;
  }

  /// Where a ready replica of a revision listens.
  public record ReplicaAddress(String address, int port, String revision) {}
}
