package dev.berth.api.apply;

import dev.berth.api.ApiError;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// A field that somebody else owns with another value; `field` is a path such as
/// `.spec.template.spec.containers[name="web"].image`.
public record Conflict(Manager manager, String field) {

  /// The answer of a request that met conflicts, in Kubernetes' words: one cause per field, 409.
  public static ApiError error(List<Conflict> conflicts) {
    List<ApiError.Cause> causes =
        conflicts.stream()
            .map(
                conflict ->
                    new ApiError.Cause(
                        conflict.field,
                        "FieldManagerConflict",
                        "conflict with " + conflict.manager.inWords()))
            .toList();
    return new ApiError.Conflict(message(conflicts), causes);
  }

  private static String message(List<Conflict> conflicts) {
    if (conflicts.size() == 1) {
      Conflict only = conflicts.getFirst();
      return "Apply failed with 1 conflict: conflict with %s: %s"
          .formatted(only.manager.inWords(), only.field);
    }
    StringBuilder text = new StringBuilder("Apply failed with " + conflicts.size() + " conflicts:");
    Set<String> managers = new LinkedHashSet<>();
    conflicts.stream().map(conflict -> conflict.manager.inWords()).sorted().forEach(managers::add);
    String separator = " ";
    for (String manager : managers) {
      text.append(separator).append("conflicts with ").append(manager).append(":");
      conflicts.stream()
          .filter(conflict -> conflict.manager.inWords().equals(manager))
          .forEach(conflict -> text.append("\n- ").append(conflict.field));
      separator = "\n";
    }
    return text.toString();
  }
}
