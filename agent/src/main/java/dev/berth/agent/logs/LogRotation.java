package dev.berth.agent.logs;

import dev.berth.agent.container.Container;
import dev.berth.agent.container.Containers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Renames a log that has grown to 10 MiB and tells its keeper to open a new one; four old ones are
/// kept beside it.
public final class LogRotation implements AutoCloseable {
  static final int KEPT = 4;
  private static final Logger log = LoggerFactory.getLogger(LogRotation.class);
  private static final long MAX_BYTES = 10L << 20;
  private static final long MAX_TOTAL_BYTES = 5 * MAX_BYTES;
  private static final long PERIOD_MILLIS = 1000;

  private final Containers containers;
  private final Map<String, Watched> watched = new ConcurrentHashMap<>();
  private final CountDownLatch stop = new CountDownLatch(1);

  private record Watched(Container container, Path file) {}

  public LogRotation(Containers containers) {
    this.containers = containers;
    Thread.ofVirtual().name("log-rotation").start(this::run);
  }

  public void watch(Container container, Path file) {
    watched.put(container.id(), new Watched(container, file));
  }

  public void forget(Container container) {
    watched.remove(container.id());
  }

  private void run() {
    try {
      while (!stop.await(PERIOD_MILLIS, TimeUnit.MILLISECONDS)) {
        watched.values().forEach(this::check);
      }
    } catch (InterruptedException e) {
      log.atDebug().log("log rotation ends");
    }
  }

  private void check(Watched w) {
    try {
      if (!Files.exists(w.file())) { // somebody removed it: what comes from now on is kept
        Files.createDirectories(w.file().resolveSibling(""));
        containers.reopenLog(w.container());
      } else if (Files.size(w.file()) > MAX_BYTES) {
        rotate(w.file());
        containers.reopenLog(w.container());
        dropOldest(w.file());
      }
    } catch (IOException | RuntimeException e) {
      log.atWarn().addKeyValue("file", w.file()).setCause(e).log("cannot rotate a log");
    }
  }

  static void rotate(Path file) throws IOException {
    for (int i = KEPT - 1; i >= 1; i--) {
      if (Files.exists(numbered(file, i))) {
        Files.move(numbered(file, i), numbered(file, i + 1), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Files.move(file, numbered(file, 1), StandardCopyOption.REPLACE_EXISTING);
  }

  /// A flood makes files as large as it likes between two looks: the newest of them stays, older
  /// ones only as long as all fit.
  static void dropOldest(Path file) throws IOException {
    long sum = 0;
    for (int i = 1; i <= KEPT; i++) {
      Path old = numbered(file, i);
      sum += Files.exists(old) ? Files.size(old) : 0;
      if (sum > MAX_TOTAL_BYTES && i > 1) {
        Files.deleteIfExists(old);
      }
    }
  }

  /// Removes a log and what was rotated away of it.
  public static void drop(Path file) {
    try {
      Files.deleteIfExists(file);
      for (int i = 1; i <= KEPT; i++) {
        Files.deleteIfExists(numbered(file, i));
      }
    } catch (IOException e) {
      log.atWarn().addKeyValue("file", file).setCause(e).log("cannot remove a log");
    }
  }

  static Path numbered(Path file, int n) {
    return file.resolveSibling(file.getFileName() + "." + n);
  }

  @Override
  public void close() {
    stop.countDown();
  }
}
