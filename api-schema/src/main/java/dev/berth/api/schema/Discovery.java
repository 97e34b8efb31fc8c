package dev.berth.api.schema;

import tools.jackson.databind.node.ObjectNode;

/// Discovery documents of the served kinds.
public final class Discovery {
  public static final String AGGREGATED_V2 =
      "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
  public static final String AGGREGATED_V2BETA1 =
      "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList";

  private Discovery() {}

  /// Aggregated document of `/api`; version is `v2` or `v2beta1`.
  public static ObjectNode aggregatedCore(String version) {
    return Unfinished.yet(version);
  }

  /// Aggregated document of `/apis`.
  public static ObjectNode aggregatedGroups(String version) {
    return Unfinished.yet(version);
  }

  /// Plain `/api`: APIVersions.
  public static ObjectNode apiVersions(String serverAddress) {
    return Unfinished.yet(serverAddress);
  }

  /// Plain `/apis`: APIGroupList.
  public static ObjectNode apiGroups() {
    return Unfinished.yet("");
  }

  /// Plain `/api/v1` or `/apis/G/V`: APIResourceList.
  public static ObjectNode resources(String groupVersion) {
    return Unfinished.yet(groupVersion);
  }
}
