package dev.berth.api.schema;

import tools.jackson.databind.node.ObjectNode;

/// OpenAPI v3 documents of the group versions, made of the schemas.
public final class OpenApi {
  private OpenApi() {}

  /// The document of `v1`, `apps/v1`, `berth.dev/v1alpha1`...
  public static ObjectNode document(String groupVersion) {
    return Unfinished.yet(groupVersion);
  }

  /// `/openapi/v3`: where each group version's document is, with the hash of its content.
  public static ObjectNode index() {
    return Unfinished.yet("");
  }
}
