package dev.berth.api.schema;

import static dev.berth.api.schema.PodDefaults.isAbsent;
import static dev.berth.api.schema.PodDefaults.put;

import dev.berth.api.Json;
import tools.jackson.databind.node.ObjectNode;

/// What Kubernetes fills into the kinds that make pods, beyond Deployments and ReplicaSets.
final class WorkloadDefaults {
  private WorkloadDefaults() {}

  /// One pod, once, unless the job says how many run side by side: then it is a queue without a
  /// number of completions.
  static void job(ObjectNode job) {
    ObjectNode spec = Json.ensure(job, "spec");
    if (isAbsent(spec, "completions") && isAbsent(spec, "parallelism")) {
      spec.put("completions", 1);
    }
    put(spec, "parallelism", 1);
    put(spec, "backoffLimit", 6);
    put(spec, "completionMode", "NonIndexed");
    if (isAbsent(spec, "suspend")) {
      spec.put("suspend", false);
    }
    if (isAbsent(spec, "podReplacementPolicy")) {
      boolean failsPods = !isAbsent(spec, "podFailurePolicy");
      spec.put("podReplacementPolicy", failsPods ? "Failed" : "TerminatingOrFailed");
    }
    PodDefaults.template(spec.path("template"));
  }
}
