package dev.berth.controller.backup;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.controller.auth.Identity;
import dev.berth.controller.http.HttpExchange;
import dev.berth.controller.http.HttpSurface;
import dev.berth.controller.storage.Snapshot;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `GET .../backup?images=true|false`: a backup of the running controller, for its administrator
/// only, because the private keys are in it.
///
/// An answer that fails half way is broken off, never ended: what arrived then lacks the last entry
/// and is refused by whoever reads it.
public final class BackupSurface implements HttpSurface {
  public static final String PATH = "/apis/berth.dev/v1alpha1/backup";
  private static final Logger LOG = LoggerFactory.getLogger(BackupSurface.class);

  private final Path dataDir;
  private final Snapshots snapshots;
  private final InstantSource clock;
  private final Supplier<String> ids;

  /// Writes the running store, as it is at one revision, to a file.
  @FunctionalInterface
  public interface Snapshots {
    Snapshot write(Path file);
  }

  public BackupSurface(
      Path dataDir, Snapshots snapshots, InstantSource clock, Supplier<String> ids) {
    this.dataDir = dataDir;
    this.snapshots = snapshots;
    this.clock = clock;
    this.ids = ids;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    requireAdmin(exchange.identity());
    if (!exchange.method().equals("GET") || !exchange.path().equals(PATH)) {
      throw new ApiException(
          new ApiError.MethodNotAllowed("a backup is asked for with GET " + PATH));
    }
    boolean images = !exchange.query("images").orElse("true").equals("false");
    Path store = dataDir.resolve("store").resolve("backup-" + ids.get() + ".db");
    try {
      answer(exchange, snapshots.write(store), store, images);
    } finally {
      Files.deleteIfExists(store);
    }
  }

  private static void requireAdmin(Identity identity) {
    if (identity.isAnonymous()) {
      throw new ApiException(
          new ApiError.Unauthorized("Unauthorized: a backup holds the keys of this server"));
    }
    if (!identity.isMaster()) {
      throw new ApiException(
          new ApiError.Forbidden(
              "forbidden: User \""
                  + identity.user()
                  + "\" cannot take a backup: it holds the keys of this server"));
    }
  }

  private void answer(HttpExchange exchange, Snapshot snapshot, Path store, boolean images)
      throws IOException {
    Contents wanted =
        new Contents(snapshot.revision(), clock.instant(), snapshot.objects(), images, 0);
    Path registry = dataDir.resolve("registry");
    BackupWriter.Sources from =
        new BackupWriter.Sources(
            store,
            dataDir.resolve("pki"),
            dataDir.resolve("node-name"),
            registry.resolve("repositories"),
            registry.resolve("blobs"));
    OutputStream out = exchange.stream(200, Map.of("Content-Type", "application/gzip"));
    try {
      BackupWriter.write(wanted, from, new BufferedOutputStream(out, 64 * 1024));
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("found", e.getMessage()).log("a backup was broken off");
      throw e;
    }
    out.close();
  }
}
