package dev.berth.cli.apply;

import dev.berth.api.codec.Manifest;
import dev.berth.api.codec.ManifestException;
import dev.berth.api.codec.Manifests;
import dev.berth.api.codec.Problem;
import dev.berth.api.codec.StrictDecoder;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Reads what `-f` names: a file, a folder (its .yaml and .yml files, in order of name), or `-`.
final class ManifestFiles {
  /// A manifest and the folder that its relative paths start from.
  record Loaded(Manifest manifest, Path folder) {}

  /// What was read at once.
  ///
  /// @param empty the files without a manifest: emptied, perhaps by somebody who is about to write
  ///   them anew
  record Contents(List<Loaded> loaded, List<Path> empty) {}

  private final List<Path> empty = new ArrayList<>();
  private final List<Loaded> loaded = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();

  private ManifestFiles() {}

  /// All of them, or a failure that lists everything wrong with any of them.
  static List<Loaded> read(List<String> sources) throws IOException {
    return contents(sources).loaded();
  }

  /// The same, and which files hold none.
  static Contents contents(List<String> sources) throws IOException {
    ManifestFiles files = new ManifestFiles();
    for (String source : sources) {
      files.add(source);
    }
    if (!files.problems.isEmpty()) {
      throw invalid(files.problems.stream().map(Problem::toString).toList());
    }
    return new Contents(files.loaded, files.empty);
  }

  static Failure invalid(List<String> problems) {
    String count = problems.size() == 1 ? "1 problem" : problems.size() + " problems";
    return new Failure(
        Exit.INVALID_MANIFEST,
        String.join("\n", problems) + "\n" + count + "; nothing was applied");
  }

  private void add(String source) throws IOException {
    if (source.equals("-")) {
      parse("stdin", System.in.readAllBytes(), Path.of("").toAbsolutePath());
      return;
    }
    Path path = Path.of(source);
    if (Files.isDirectory(path)) {
      for (Path file : manifestsIn(path)) {
        parse(file.toString(), Files.readAllBytes(file), path);
      }
    } else {
      Path folder = path.toAbsolutePath().getParent();
      parse(path.toString(), Files.readAllBytes(path), folder == null ? Path.of("/") : folder);
    }
  }

  private static List<Path> manifestsIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> found =
          files
              .filter(file -> file.toString().endsWith(".yaml") || file.toString().endsWith(".yml"))
              .filter(Files::isRegularFile)
              .sorted()
              .toList();
      if (found.isEmpty()) {
        throw new Failure(
            Exit.INVALID_MANIFEST,
            folder + " holds no .yaml or .yml file",
            "name a file: berth apply -f FILE");
      }
      return found;
    }
  }

  private void parse(String name, byte[] text, Path folder) {
    try {
      List<Manifest> manifests = Manifests.parse(name, text);
      if (manifests.isEmpty()) {
        empty.add(Path.of(name));
      }
      for (Manifest manifest : manifests) {
        problems.addAll(StrictDecoder.check(manifest));
        loaded.add(new Loaded(manifest, folder));
      }
    } catch (ManifestException e) {
      problems.addAll(e.problems());
    }
  }
}
