package dev.berth.cli.apply;

import dev.berth.cli.apply.ApplyVerb.Target;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Option;

/// The manifests that a verb is about.
final class Sources {
  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE|DIR|-",
      required = true,
      description =
          "A manifest, a folder of them (.yaml, .yml), or - for standard input; repeatable.")
  List<String> sources = List.of();

  /// As they were given.
  List<String> names() {
    return sources;
  }

  /// All of them, or a `Failure` that lists everything that is wrong with any.
  List<Target> targets(String inNamespace) throws IOException {
    return Targets.of(ManifestFiles.read(sources), inNamespace);
  }
}
