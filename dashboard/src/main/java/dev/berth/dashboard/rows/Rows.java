package dev.berth.dashboard.rows;

import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.dashboard.port.Traffic;
import dev.berth.dashboard.scene.Scene;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The rows of a scene by the name of their kind, made once and remembered in it. Those that tell
/// of traffic are made anew whenever they are asked for.
public final class Rows {
  private static final Map<String, ResourceType> KINDS =
      Map.of(
          "modelapps", Kinds.MODEL_APP,
          "pods", Kinds.POD,
          "deployments", Kinds.DEPLOYMENT,
          "jobs", Kinds.JOB,
          "nodes", Kinds.NODE,
          "builds", Kinds.IMAGE_BUILD,
          "gitrepositories", Kinds.GIT_REPOSITORY,
          "events", Kinds.EVENT);

  private Rows() {}

  /// What must be listed to see these rows; empty for a name that there is not.
  public static Optional<ResourceType> kind(String name) {
    return Optional.ofNullable(KINDS.get(name));
  }

  /// The rows in their order.
  ///
  /// @param now for what depends on it; the rows are at most as old as the scene
  public static List<Row> of(
      String kind, Scene scene, Map<ObjectKey, Traffic.Figures> traffic, Instant now) {
    return switch (kind) {
      case "modelapps" -> worstFirst(new AppRows(scene, traffic, now).all());
      case "events" -> scene.remember(kind, () -> new EventRows(scene).all());
      default -> scene.remember(kind, () -> sorted(kind, scene, now));
    };
  }

  private static List<Row> sorted(String kind, Scene scene, Instant now) {
    List<Row> rows =
        switch (kind) {
          case "pods" -> new PodRows(scene, now).all();
          case "deployments" -> new DeploymentRows(scene, now).all();
          case "jobs" -> new JobRows(scene, now).all();
          case "nodes" -> new NodeRows(scene).all();
          case "builds" -> new BuildRows(scene).all();
          case "gitrepositories" -> new GitRows(scene).all();
          default -> throw new IllegalArgumentException("no rows of " + kind);
        };
    return worstFirst(rows);
  }

  private static List<Row> worstFirst(List<Row> rows) {
    return rows.stream().sorted(Row.WORST_FIRST).toList();
  }
}
