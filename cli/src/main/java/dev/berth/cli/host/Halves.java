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
  private final Deque<AutoCloseable> running = new ArrayDeque<>();

  Halves(Path dataDir) {
    this.dataDir = dataDir;
  }

  synchronized void add(AutoCloseable half) {
    running.push(half);
  }

  synchronized void stop() {
    LOG.info("stopping; containers keep running");
    while (!running.isEmpty()) {
      close(running.pop());
    }
    try {
      PidFile.remove(dataDir);
    } catch (IOException e) {
      LOG.atWarn().setCause(e).log("the pid file stays");
    }
    LOG.info("stopped");
  }

  private static void close(AutoCloseable half) {
    try {
      half.close();
    } catch (Exception e) {
      LOG.atWarn()
          .addKeyValue("half", half.getClass().getSimpleName())
          .setCause(e)
          .log("did not stop cleanly");
    }
  }
}
