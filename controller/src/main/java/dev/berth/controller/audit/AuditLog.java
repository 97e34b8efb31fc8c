package dev.berth.controller.audit;

import dev.berth.api.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonGenerator;

/// Events as JSON lines in [RotatingFile]s, written by a thread of its own. While the disk takes
/// nothing, events are lost and counted: the log says once that it begins and once that it is over.
public final class AuditLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
  private static final long FILE_BYTES = 8L << 20;
  private static final int FILES = 4;
  private static final int MOST_WAITING = 4_096;
  private static final int BATCH = 256;

  /// How long an event may wait for others: under load one write to the file takes many, and the
  /// thread wakes for the first of them only.
  private static final Duration LINGER = Duration.ofMillis(20);

  private static final Duration FAREWELL = Duration.ofSeconds(2);

  private final Path directory;
  private final RotatingFile file;
  private final BlockingQueue<Optional<Event>> waiting;
  private final AtomicLong lost = new AtomicLong();
  private final Thread writer;
  // The writer's own.
  private boolean failing;
  private long lostBefore;

  /// Writes itself as one JSON object.
  @FunctionalInterface
  public interface Event {
    void write(JsonGenerator json);
  }

  /// In files of 8 MiB, of which four are kept.
  public static AuditLog in(Path directory) {
    return new AuditLog(directory, FILE_BYTES, FILES, MOST_WAITING);
  }

  AuditLog(Path directory, long fileBytes, int files, int mostWaiting) {
    this.directory = directory;
    this.file = new RotatingFile(directory, fileBytes, files);
    this.waiting = new LinkedBlockingQueue<>(mostWaiting);
    this.writer = Thread.ofPlatform().name("audit").daemon().start(this::write);
  }

  /// Returns at once. The event is written by the writer's thread: it must not change any more.
  public void add(Event event) {
    if (!waiting.offer(Optional.of(event))) {
      lost.incrementAndGet();
    }
  }

  /// Events that were not written since the start.
  public long lost() {
    return lost.get();
  }

  private void write() {
    List<Optional<Event>> batch = new ArrayList<>();
    boolean ended = false;
    while (!ended) {
      batch.clear();
      int most = BATCH;
      try {
        batch.add(waiting.take());
        if (batch.getFirst().isPresent()) {
          linger();
        }
      } catch (InterruptedException e) {
        // The end of a log whose queue is full: all that waits is its last batch.
        ended = true;
        most = Integer.MAX_VALUE;
      }
      waiting.drainTo(batch, most - batch.size());
      ended |= batch.contains(Optional.<Event>empty());
      append(batch.stream().flatMap(Optional::stream).toList());
    }
  }

  private void linger() throws InterruptedException {
    if (waiting.size() < BATCH) {
      TimeUnit.NANOSECONDS.sleep(LINGER.toNanos());
    }
  }

  private void append(List<Event> events) {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    try {
      for (Event event : events) {
        try (JsonGenerator json = Json.mapper().createGenerator(lines)) {
          event.write(json);
        }
        lines.write('\n');
      }
      file.append(lines.toByteArray());
      recovered();
    } catch (IOException e) {
      failed(e, events.size());
    } catch (RuntimeException e) {
      lost.addAndGet(events.size());
      LOG.atError().setCause(e).log("audit events could not be made, through a bug");
    }
  }

  private void failed(IOException e, int events) {
    long before = lost.getAndAdd(events);
    if (!failing) {
      failing = true;
      lostBefore = before;
      LOG.atError()
          .addKeyValue("directory", directory)
          .setCause(e)
          .log("the audit log cannot be written; requests go on, their events are lost");
    }
  }

  private void recovered() {
    if (failing) {
      failing = false;
      LOG.atWarn()
          .addKeyValue("lost", lost.get() - lostBefore)
          .log("the audit log is written again");
    }
  }

  /// Writes what waits, for two seconds at most.
  @Override
  public void close() throws IOException {
    if (!waiting.offer(Optional.empty())) {
      writer.interrupt();
    }
    try {
      if (writer.join(FAREWELL)) {
        file.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
