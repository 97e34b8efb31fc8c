package dev.berth.cli.verb;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The data directory on this host, for verbs that work on it themselves.
public final class LocalDir {
  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "The data directory (BERTH_DATA_DIR, else /var/lib/berth).")
  @Nullable Path given;

  public Path path() {
    return Server.dataDir(given);
  }
}
