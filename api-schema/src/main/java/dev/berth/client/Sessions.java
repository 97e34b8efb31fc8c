package dev.berth.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The session in use. Certificates are renewed on disk while clients run for years, so a client
/// that is not let in looks at its kubeconfig again; a file with the same modification time is not
/// read. Sessions that were replaced end with the client, because watches may still be open on
/// them; there is one per renewal.
final class Sessions implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

  private final @Nullable Path file;
  private final List<Session> replaced = new ArrayList<>();
  private FileTime modified;
  private volatile Session current;

  private Sessions(@Nullable Path file, FileTime modified, Session first) {
    this.file = file;
    this.modified = modified;
    this.current = first;
  }

  static Sessions of(Kubeconfig config) {
    return new Sessions(null, FileTime.fromMillis(0), Session.open(config));
  }

  static Sessions ofFile(Path file) {
    try {
      // The time first: what is written in between is then read once too often, not missed.
      FileTime modified = Files.getLastModifiedTime(file);
      return new Sessions(file, modified, Session.open(Kubeconfig.read(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "kubeconfig " + file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  Session current() {
    return current;
  }

  /// What replaced the session that failed, or replaces it now because the file has changed.
  synchronized Optional<Session> newerThan(Session failed) {
    if (current.equals(failed) && file != null) {
      reload(file);
    }
    return Optional.of(current).filter(session -> !session.equals(failed));
  }

  /// A file that cannot be read, or is half written, changes nothing and is read again next time.
  private void reload(Path from) {
    try {
      FileTime now = Files.getLastModifiedTime(from);
      if (now.equals(modified)) {
        return;
      }
      Kubeconfig config = Kubeconfig.read(from);
      if (!config.equals(current.config())) {
        Session next = Session.open(config);
        replaced.add(current);
        current = next;
        LOG.atInfo().addKeyValue("kubeconfig", from).log("credentials read again");
      }
      modified = now;
    } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
      LOG.atWarn()
          .addKeyValue("kubeconfig", from)
          .addKeyValue("why", e.getMessage())
          .log("kubeconfig not read again");
    }
  }

  @Override
  public synchronized void close() {
    replaced.forEach(session -> session.http().shutdownNow());
    current.http().shutdownNow();
  }
}
