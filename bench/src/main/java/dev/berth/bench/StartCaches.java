package dev.berth.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The JVM's start caches of a build, which its first `up` or `controller` writes in the
/// background, that of the verbs last. Until they are there, that work would be counted as
/// somebody's.
final class StartCaches {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private StartCaches() {}

  /// Returns when they are there; says so if they do not come.
  ///
  /// @param launcher `deploy/bin/berth`, with one of its servers running
  static void await(Path launcher) throws IOException, InterruptedException {
    Path jars = launcher.resolve("../../../cli/target").normalize();
    Path last = jars.resolve("berth-verbs.aot.key");
    FileTime built = newest(List.of(jars, jars.resolve("lib")));
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!Files.exists(last) || Files.getLastModifiedTime(last).compareTo(built) < 0) {
      if (System.nanoTime() > until) {
        System.err.println("bench: the start caches were not written; starts are without them");
        return;
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  private static FileTime newest(List<Path> directories) throws IOException {
    FileTime newest = FileTime.fromMillis(0);
    for (Path directory : directories) {
      try (Stream<Path> files = Files.list(directory)) {
        for (Path jar : files.filter(file -> file.toString().endsWith(".jar")).toList()) {
          FileTime time = Files.getLastModifiedTime(jar);
          newest = time.compareTo(newest) > 0 ? time : newest;
        }
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }
    return newest;
  }
}
