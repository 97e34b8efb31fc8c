package dev.berth.gitops.render;

import dev.berth.gitops.source.CommitFiles;
import dev.berth.gitops.source.CommitFiles.Entry;
import dev.berth.gitops.source.CommitFiles.Kind;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A folder of a commit as objects.
public final class Renderer {
  public static final String RENDER_FAILED = "RenderFailed";
  public static final String PATH_NOT_FOUND = "PathNotFound";

  private Renderer() {}

  /// Reads everything there is.
  ///
  /// @param path the folder, empty for the root
  /// @throws RenderException where the folder is not there, anything in it is broken, or there is
  ///   no manifest at all: an empty set is never what somebody meant
  public static List<Item> render(
      CommitFiles files, String path, List<String> exclude, Map<String, String> substitute)
      throws RenderException {
    try {
      requireFolder(files, path);
      ManifestReader reader = new ManifestReader(files, new Substitution(substitute));
      List<Item> items = read(reader, path, new Exclusion(path, exclude));
      if (!reader.problems().isEmpty()) {
        throw new RenderException(RENDER_FAILED, reader.problems());
      }
      if (items.isEmpty()) {
        throw new RenderException(
            RENDER_FAILED, "no manifest below " + named(path) + ": nothing is applied or deleted");
      }
      return items;
    } catch (IOException e) {
      throw new RenderException(RENDER_FAILED, String.valueOf(e.getMessage()));
    }
  }

  private static List<Item> read(ManifestReader reader, String path, Exclusion exclusion)
      throws IOException {
    return Kustomization.in(reader, path).isPresent()
        ? new Kustomization(reader).build(path)
        : new PlainFolder(reader, exclusion).read(path);
  }

  private static void requireFolder(CommitFiles files, String path)
      throws IOException, RenderException {
    Optional<Entry> found = files.find(path);
    if (found.isEmpty() || found.get().kind() != Kind.FOLDER) {
      throw new RenderException(
          PATH_NOT_FOUND,
          "spec.path "
              + path
              + (found.isEmpty() ? " is not in" : " is no folder of")
              + " commit "
              + files.commit().substring(0, 7));
    }
  }

  private static String named(String path) {
    return path.isEmpty() ? "the root of the repository" : path;
  }
}
