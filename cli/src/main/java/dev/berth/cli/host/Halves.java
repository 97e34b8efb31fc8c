package dev.berth.cli.host;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What this process runs, closed in reverse order when it is told to stop.
final class Halves {
  private static final Logger LOG = LoggerFactory.getLogger(Halves.class);

  private final Path dataDir;
  private final Half half;
  private final Deque<AutoCloseable> running = new ArrayDeque<>();

  Halves(Path dataDir, Half half) {
    this.dataDir = dataDir;
    this.half = half;
  }

  synchronized void add(AutoCloseable part) {
    running.push(part);
  }

  synchronized void stop() {
    LOG.info("stopping; containers keep running");
    while (!running.isEmpty()) {
      close(running.pop());
    }
    try {
      PidFile.removeOwn(dataDir, half);
    } catch (IOException e) {
      LOG.atWarn().setCause(e).log("the pid file stays");
    }
    LOG.info("stopped");
  }

  private static void close(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      LOG.atWarn()
          .addKeyValue("half", part.getClass().getSimpleName())
          .setCause(e)
          .log("did not stop cleanly");
    }
  }
}
