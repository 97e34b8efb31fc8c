package dev.berth.api.schema;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Which part of a pod (or pod template) this Berth acts on. What it does not act on is either said
/// (`warnings`: the field is stored and has no effect yet) or refused (`errors`: it would change
/// isolation or data).
public record Honoured(List<FieldError> errors, List<String> warnings) {

  /// Takes a Pod, or anything with `spec.template` (Deployment, ReplicaSet); paths are those of the
  /// object given.
  public static Honoured check(ObjectNode podOrWorkload) {
    return Unfinished.yet(podOrWorkload);
  }
}
