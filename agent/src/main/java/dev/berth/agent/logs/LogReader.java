package dev.berth.agent.logs;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Reads one container's log: its rotated files from the oldest on, then the current one, then
/// whatever comes.
public final class LogReader {
  /// How often a follower looks whether its container has ended, when no line comes.
  private static final long PATIENCE_MILLIS = 500;

  private final Path file;
  private final LogQuery query;
  private final Sink sink;
  private long left;

  /// Where the bytes go; `false` means that nobody listens any more.
  public interface Sink {
    boolean write(byte[] bytes) throws IOException;
  }

  public LogReader(Path file, LogQuery query, Sink sink) {
    this.file = file;
    this.query = query;
    this.sink = sink;
    this.left = query.limitBytes().orElse(Long.MAX_VALUE);
  }

  /// Reads until the end, or, when it follows, until nobody writes or nobody listens any more.
  ///
  /// @param ended tells whether the container can write no more; only then a follower stops by
  ///   itself
  public void read(BooleanSupplier ended) throws IOException, InterruptedException {
    ArrayDeque<LogLine> tail = new ArrayDeque<>();
    boolean tailing = query.tailLines().isPresent();
    long wanted = query.tailLines().orElse(0);
    try (WatchService watch = FileSystems.getDefault().newWatchService()) {
      parent()
          .register(
              watch, StandardWatchEventKinds.ENTRY_MODIFY, StandardWatchEventKinds.ENTRY_CREATE);
      boolean listening = true;
      for (Path old : rotated()) {
        try (Tail in = new Tail(old)) {
          listening = listening && in.each(line -> tailing ? keep(tail, line, wanted) : emit(line));
        }
      }
      try (Tail in = new Tail(file)) {
        listening = listening && in.each(line -> tailing ? keep(tail, line, wanted) : emit(line));
        for (LogLine line : tail) {
          listening = listening && emit(line);
        }
        if (query.follow() && listening) {
          follow(in, watch, ended);
        }
      }
    } catch (NoSuchFileException e) {
      // nothing was ever written
    }
  }

  private Path parent() {
    return Objects.requireNonNull(file.getParent(), "log files lie in a directory");
  }

  /// `0.log.4` before `0.log.1`: higher numbers are older.
  private List<Path> rotated() {
    List<Path> found = new ArrayList<>();
    for (int i = LogRotation.KEPT; i >= 1; i--) {
      Path old = LogRotation.numbered(file, i);
      if (Files.exists(old)) {
        found.add(old);
      }
    }
    return found;
  }

  private void follow(Tail first, WatchService watch, BooleanSupplier ended)
      throws IOException, InterruptedException {
    Tail in = first;
    boolean last = false;
    while (true) {
      if (!in.each(this::emit) || last) {
        break;
      }
      if (in.replaced()) {
        Tail next = new Tail(file);
        if (in != first) {
          in.close();
        }
        in = next;
        continue;
      }
      last = ended.getAsBoolean(); // read once more after the end: the keeper writes first
      if (!last) {
        WatchKey key = watch.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        if (key != null) {
          key.pollEvents();
          key.reset();
        } else if (!sink.write(new byte[0])) {
          break;
        }
      }
    }
    if (in != first) {
      in.close();
    }
  }

  private boolean keep(ArrayDeque<LogLine> tail, LogLine line, long wanted) {
    if (wanted > 0 && since(line)) {
      tail.add(line);
      if (tail.size() > wanted) {
        tail.removeFirst();
      }
    }
    return true;
  }

  private boolean since(LogLine line) {
    return query.since().isEmpty() || !line.time().isBefore(query.since().get());
  }

  private boolean emit(LogLine line) throws IOException {
    if (!since(line)) {
      return true;
    }
    byte[] bytes = line.render(query.timestamps());
    if (bytes.length > left) {
      bytes = java.util.Arrays.copyOf(bytes, (int) left);
    }
    left -= bytes.length;
    return sink.write(bytes) && left > 0;
  }

  /// The last whole lines of a log as text, for messages; at most `bytes` of it.
  public static String lastLines(Path file, int lines, int bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LogQuery query =
        new LogQuery(
            false,
            false,
            java.util.OptionalLong.of(lines),
            java.util.OptionalLong.empty(),
            java.util.Optional.empty());
    try {
      new LogReader(
              file,
              query,
              b -> {
                out.writeBytes(b);
                return true;
              })
          .read(() -> true);
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    String text = out.toString(StandardCharsets.UTF_8).stripTrailing();
    return text.length() <= bytes ? text : text.substring(text.length() - bytes);
  }

  private interface LineUse {
    boolean use(LogLine line) throws IOException;
  }

  /// Goes on where it stopped; a line without its end yet is left for the next time.
  private static final class Tail implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;
    private final Object key;
    private long position;

    Tail(Path path) throws IOException {
      this.path = path;
      this.channel = FileChannel.open(path, StandardOpenOption.READ);
      this.key = identity();
    }

    private Object identity() throws IOException {
      return Objects.requireNonNullElse(
          Files.readAttributes(path, java.nio.file.attribute.BasicFileAttributes.class).fileKey(),
          path);
    }

    /// The path means another file by now: rotated.
    boolean replaced() {
      try {
        return !identity().equals(key);
      } catch (IOException e) {
        return false; // between rename and the keeper's reopening
      }
    }

    boolean each(LineUse use) throws IOException {
      channel.position(position);
      InputStream in = new BufferedInputStream(Channels.newInputStream(channel), 64 * 1024);
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int b = in.read(); b >= 0; b = in.read()) {
        if (b != '\n') {
          line.write(b);
          continue;
        }
        position += line.size() + 1;
        byte[] raw = line.toByteArray();
        line.reset();
        LogLine parsed = LogLine.parse(raw, raw.length).orElse(null);
        if (parsed != null && !use.use(parsed)) {
          return false;
        }
      }
      return true;
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
