package dev.berth.agent.volume;

import dev.berth.agent.container.Bind;
import dev.berth.agent.linux.ErrnoException;
import dev.berth.agent.linux.Syscalls;
import dev.berth.api.Json;
import dev.berth.api.Reason;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/// From a container's `volumeMounts` to binds. Nothing is propagated: a container has its own
/// private mount namespace.
final class VolumeMounts {
  private static final int MADE = 0777;
  private final Syscalls sys;
  private final Path volumes;
  private final JsonNode pod;

  /// @param volumes where the pod's volumes lie, by name
  VolumeMounts(Syscalls sys, Path volumes, JsonNode pod) {
    this.sys = sys;
    this.volumes = volumes;
    this.pod = pod;
  }

  /// In the order of the list.
  ///
  /// @param expand puts a container's variables into a `subPathExpr`
  List<Bind> of(JsonNode container, UnaryOperator<String> expand) {
    List<Bind> binds = new ArrayList<>();
    for (JsonNode mount : container.path("volumeMounts")) {
      binds.add(bind(mount, expand));
    }
    return binds;
  }

  private Bind bind(JsonNode mount, UnaryOperator<String> expand) {
    String name = Json.text(mount, "name");
    JsonNode volume = volume(name);
    boolean payload = Projection.isPayload(volume);
    boolean readOnly = payload || mount.path("readOnly").asBoolean(false);
    Path root = volumes.resolve(name);
    String target = Json.text(mount, "mountPath");
    String within = subPath(mount, expand);
    return within.isEmpty()
        ? Bind.volume(root, "", target, true, readOnly)
        : Bind.volume(root, within, target, isDirectory(root, within, !payload, name), readOnly);
  }

  private JsonNode volume(String name) {
    for (JsonNode volume : pod.path("spec").path("volumes")) {
      if (name.equals(Json.text(volume, "name"))) {
        return volume;
      }
    }
    throw new MissingReferenceException("the pod has no volume " + name);
  }

  private static String subPath(JsonNode mount, UnaryOperator<String> expand) {
    String expression = Json.text(mount, "subPathExpr");
    String path = expression.isEmpty() ? Json.text(mount, "subPath") : expand.apply(expression);
    if (!expression.isEmpty() && path.contains("$(")) {
      throw new MissingReferenceException(
          "subPathExpr " + expression + " names a variable that the container does not have");
    }
    SubPath.refusal(path)
        .ifPresent(
            why -> {
              throw new MissingReferenceException("subPath " + path + " " + why);
            });
    return path;
  }

  private boolean isDirectory(Path root, String within, boolean make, String name) {
    SubPath path = new SubPath(sys, root);
    try {
      if (make && path.isDirectory(within).isEmpty()) {
        path.make(within, MADE);
      }
      return path.isDirectory(within)
          .orElseThrow(
              () ->
                  new MissingReferenceException(
                      Reason.START_FAILED, "volume " + name + " has no " + within + " (subPath)"));
    } catch (ErrnoException e) {
      throw new MissingReferenceException(
          Reason.START_FAILED,
          "subPath " + within + " of volume " + name + " cannot be used: " + e.getMessage());
    }
  }
}
