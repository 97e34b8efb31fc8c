package dev.berth.controller.reconcile;

import dev.berth.api.Digest;
import dev.berth.api.Json;
import tools.jackson.databind.JsonNode;

/// Which pods come from the present template of a workload: they carry its hash.
public final class PodTemplates {
  public static final String HASH_LABEL = "pod-template-hash";
  private static final int LENGTH = 10;

  private PodTemplates() {}

  /// The hash of the template that the workload has now.
  public static String hash(JsonNode workload) {
    String hex = Digest.sha256(Json.canonical(Json.at(workload, "spec", "template"))).hex();
    return hex.substring(0, LENGTH);
  }

  /// For pods and ReplicaSets.
  public static boolean isFrom(JsonNode object, String hash) {
    return Json.labels(object).getOrDefault(HASH_LABEL, "").equals(hash);
  }
}
