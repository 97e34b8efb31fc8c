package dev.berth.e2e;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One failure of the catalogue: how it is induced, what must be said about it, and the repair that
/// the words lead to.
///
/// @param name of the ModelApp, of the golden file and of the paragraph in the document
/// @param title what went wrong, as a person would put it
/// @param files a build context, by path
/// @param reason what `status.lastFailure`, or a condition that is False, must come to say; empty
///   where the app itself is well and only a caller is not
/// @param names what the output must name, so that the repair is a consequence and not a guess
/// @param repair after which it must become Ready
record Failure(
    Group group,
    String name,
    String title,
    Map<String, String> files,
    Spec spec,
    String reason,
    Duration patience,
    Look look,
    List<String> names,
    Optional<Repair> repair) {
  static final Duration PATIENCE = Duration.ofSeconds(Long.getLong("patience", 180));

  /// The chapters of the document.
  enum Group {
    IMAGES("Images"),
    BUILDS("Builds"),
    PROCESS("The process"),
    PROTOCOL("The protocol"),
    WIRING("The wiring"),
    PLACEMENT("Placement"),
    HOST("The host"),
    LOOKS("Other ways to look");

    final String title;

    Group(String title) {
      this.title = title;
    }
  }

  /// Where a person sees it.
  sealed interface Look {
    /// In the output of a command, whose exit code is not 0.
    record Berth(List<String> words) implements Look {}

    /// In the output of a command that shows what is, in columns.
    record Report(List<String> words) implements Look {}

    /// In the output of `berth apply`, which applies nothing.
    record Apply() implements Look {}

    /// In the answer to a request that the app of a ModelApp makes.
    record FromApp(String app, String host, String path) implements Look {}
  }

  /// What a person does after reading.
  sealed interface Repair {
    /// Changes the manifest, and applies it again.
    record Change(Spec spec) implements Repair {}

    /// Changes a file of the build context, and applies again.
    record Edit(String file, String content) implements Repair {}

    /// Runs a command of Berth.
    record Command(List<String> words) implements Repair {}

    /// Does something to the host that no command of Berth does.
    record ByHand() implements Repair {}

    /// Starts the registry that was down.
    record StartRegistry(int port) implements Repair {}
  }

  static Failure of(Group group, String name, String title, Spec spec, String reason) {
    return new Failure(
        group,
        name,
        title,
        Map.of(),
        spec,
        reason,
        PATIENCE,
        new Look.Berth(List.of("why", name)),
        List.of(),
        Optional.empty());
  }

  Failure file(String path, String content) {
    Map<String, String> all = new LinkedHashMap<>(files);
    all.put(path, content);
    return new Failure(group, name, title, all, spec, reason, patience, look, names, repair);
  }

  Failure looking(String... words) {
    return looking(new Look.Berth(List.of(words)));
  }

  Failure looking(Look other) {
    return new Failure(group, name, title, files, spec, reason, patience, other, names, repair);
  }

  Failure naming(String... words) {
    return new Failure(
        group, name, title, files, spec, reason, patience, look, List.of(words), repair);
  }

  Failure within(Duration limit) {
    return new Failure(group, name, title, files, spec, reason, limit, look, names, repair);
  }

  Failure repairedBy(Spec better) {
    return repairedBy(new Repair.Change(better));
  }

  Failure repairedBy(Repair how) {
    return new Failure(
        group, name, title, files, spec, reason, patience, look, names, Optional.of(how));
  }
}
