package dev.berth.agent.container;

import java.nio.file.Path;

/// A host path shown at a path of the container; the target is made when the image lacks it.
///
/// @param within of a volume: the path inside `source` that is shown, empty for all of it. It is
///   resolved by descriptor below `source`, since containers may have shaped what lies there.
/// @param volume whether other containers may write there, so that no device in it is one
public record Bind(
    Path source,
    String within,
    String target,
    boolean directory,
    boolean readOnly,
    boolean volume) {
  public Bind(Path source, String target, boolean directory, boolean readOnly) {
    this(source, "", target, directory, readOnly, false);
  }

  public static Bind volume(
      Path source, String within, String target, boolean directory, boolean readOnly) {
    return new Bind(source, within, target, directory, readOnly, true);
  }
}
