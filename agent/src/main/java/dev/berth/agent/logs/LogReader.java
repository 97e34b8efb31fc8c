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

  /// So many parts of lines are kept beside as many lines as are asked for: one that never ends
  /// loses its beginning.
  private static final int MOST_PARTS = 1000;

  private final Path file;
  private final LogQuery query;
  private final Sink sink;
  private long left;
  private long kept;

  /// The next part begins a line.
  private boolean whole = true;

  /// Where the bytes go; `false` means that nobody listens any more.
  public interface Sink {
    boolean write(byte[] bytes) throws IOException;

    /// The same of one of the container's outputs.
    ///
    /// @param stream `stdout` or `stderr`
    default boolean write(String stream, byte[] bytes) throws IOException {
      return write(bytes);
    }

    /// Called once by a reader that follows: whatever is written from now on will come.
    default void follows() {}
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
      List<Tail> files = open();
      try {
        for (Tail in : files) {
          listening = listening && in.each(line -> tailing ? keep(tail, line, wanted) : emit(line));
        }
        for (LogLine line : tail) {
          listening = listening && emit(line);
        }
        while (query.follow() && listening && files.isEmpty() && !ended.getAsBoolean()) {
          listening = changed(watch) || sink.write(new byte[0]); // its keeper has just begun
          files.addAll(open());
        }
        if (query.follow() && listening && !files.isEmpty()) {
          sink.follows();
          follow(files.getLast(), watch, ended);
        }
      } finally {
        for (Tail in : files) {
          in.close();
        }
      }
    } catch (NoSuchFileException e) {
      // nothing was ever written
    }
  }

  /// All of them, oldest first, before any is read: a rotation meanwhile renames them under our
  /// hands. One of them that comes under two names is read once.
  private List<Tail> open() throws IOException {
    List<Path> paths = new ArrayList<>(rotated());
    paths.add(file);
    List<Tail> tails = new ArrayList<>();
    for (Path path : paths) {
      try {
        Tail tail = new Tail(path);
        if (tails.stream().anyMatch(tail::isSame)) {
          tail.close();
        } else {
          tails.add(tail);
        }
      } catch (NoSuchFileException e) {
        // rotated away, or not written yet
      }
    }
    return tails;
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
      if (in.replaced(file)) {
        if (!in.each(this::emit)) { // what its keeper wrote before it opened the new one
          break;
        }
        Tail next = newest(in);
        if (in != first) {
          in.close();
        }
        in = next;
        continue;
      }
      last = ended.getAsBoolean(); // read once more after the end: the keeper writes first
      if (!last && !changed(watch) && !sink.write(new byte[0])) {
        break;
      }
    }
    if (in != first) {
      in.close();
    }
  }

  /// Waits for the next change of the directory; false when there was none in time.
  private static boolean changed(WatchService watch) throws InterruptedException {
    WatchKey key = watch.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    if (key == null) {
      return false;
    }
    key.pollEvents();
    key.reset();
    return true;
  }

  /// Reads what was rotated away between two looks, and says so when even that is gone.
  private Tail newest(Tail last) throws IOException {
    List<Tail> files = open();
    int at = 0;
    while (at < files.size() && !files.get(at).isSame(last)) {
      at++;
    }
    if (at == files.size()) {
      sink.write(GAP);
    }
    for (int i = 0; i < files.size() - 1; i++) {
      if (at == files.size() || i > at) {
        files.get(i).each(this::emit);
      }
      files.get(i).close();
    }
    return files.isEmpty() ? new Tail(file) : files.getLast();
  }

  /// A line in parts is one, also the last one whose end has not come.
  private boolean keep(ArrayDeque<LogLine> tail, LogLine line, long wanted) {
    if (wanted > 0 && since(line)) {
      boolean fresh = tail.isEmpty() || tail.getLast().complete();
      tail.add(line);
      kept += fresh ? 1 : 0;
      while (kept > wanted || tail.size() > wanted + MOST_PARTS) {
        kept -= tail.removeFirst().complete() ? 1 : 0;
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
    byte[] bytes = line.render(query.timestamps() && whole);
    whole = line.complete();
    if (bytes.length > left) {
      bytes = java.util.Arrays.copyOf(bytes, (int) left);
    }
    left -= bytes.length;
    return sink.write(line.stream(), bytes) && left > 0;
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

  private static final byte[] GAP =
      "(berth: lines are missing here: the log was rotated faster than it was read)\n"
          .getBytes(StandardCharsets.UTF_8);

  private interface LineUse {
    boolean use(LogLine line) throws IOException;
  }

  /// Goes on where it stopped; a line without its end yet is left for the next time.
  private static final class Tail implements AutoCloseable {
    private final FileChannel channel;
    private final Object key;
    private long position;

    Tail(Path path) throws IOException {
      this.channel = FileChannel.open(path, StandardOpenOption.READ);
      this.key = identity(path);
    }

    private static Object identity(Path path) throws IOException {
      return Objects.requireNonNullElse(
          Files.readAttributes(path, java.nio.file.attribute.BasicFileAttributes.class).fileKey(),
          path);
    }

    boolean isSame(Tail other) {
      return key.equals(other.key);
    }

    /// The path means another file by now: rotated.
    boolean replaced(Path path) {
      try {
        return !identity(path).equals(key);
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
