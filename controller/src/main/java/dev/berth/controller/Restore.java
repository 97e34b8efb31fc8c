package dev.berth.controller;

import dev.berth.controller.backup.BackupReader;
import dev.berth.controller.backup.Contents;
import dev.berth.controller.resource.StoreKeys;
import dev.berth.controller.storage.SealedValues;
import dev.berth.controller.storage.Sealing;
import dev.berth.controller.storage.SqliteStore;
import dev.berth.controller.storage.StoreException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Puts a backup in the place of a data directory, without a running Berth.
///
/// Everything is unpacked beside its place, made durable and checked: the checksum of each entry,
/// then every row of the store. Only then are directories renamed. A marker stands while that
/// happens, and a controller does not start beside it: half of a restore is never taken for a data
/// directory. What is replaced is kept in `before-restore-TIME`; what a backup does not hold (an
/// agent's images and logs, and without images the registry) stays where it is.
public final class Restore {
  static final String MARKER = "restore.incomplete";
  private static final String STAGING = "restore.part";
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final Path backup;
  private final Path dataDir;
  private final Path staging;
  private final Progress progress;
  private boolean locked;
  private final InstantSource clock;

  /// Told while a file is read.
  @FunctionalInterface
  public interface Progress {
    void at(long bytesRead, long bytesTotal);
  }

  /// What was found in a backup, and where the old data went.
  ///
  /// @param revision the newest revision of the store in it
  /// @param replaced where the data of before lies now; empty when there was none
  public record Summary(
      long revision,
      Instant time,
      long objects,
      boolean images,
      long blobs,
      Optional<Path> replaced) {
    private static Summary of(Contents contents, Optional<Path> replaced) {
      return new Summary(
          contents.revision(),
          contents.time(),
          contents.objects(),
          contents.images(),
          contents.blobs(),
          replaced);
    }
  }

  private Restore(Path backup, Path dataDir, Progress progress, InstantSource clock) {
    this.backup = backup;
    this.dataDir = dataDir;
    this.staging = dataDir.resolve(STAGING);
    this.progress = progress;
    this.clock = clock;
  }

  /// Reads a whole backup and changes nothing.
  ///
  /// @throws IOException naming the entry that is damaged or missing
  public static Summary verify(Path backup, Progress progress) throws IOException {
    try (InputStream in = counted(backup, progress)) {
      Contents contents = BackupReader.read(backup, in, _ -> OutputStream.nullOutputStream());
      return Summary.of(contents, Optional.empty());
    }
  }

  /// Makes `dataDir` what it was when the backup was taken.
  ///
  /// @param force whether data that is there may be put aside
  /// @throws IOException when a Berth runs there, when there is data and not `force`, or when the
  ///   backup is damaged; then nothing has changed
  public static Summary restore(Path backup, Path dataDir, boolean force, Progress progress)
      throws IOException {
    return new Restore(backup, dataDir, progress, Clock.systemUTC()).run(force);
  }

  private Summary run(boolean force) throws IOException {
    boolean empty = isEmpty();
    if (!empty && !force && !Files.exists(dataDir.resolve(MARKER))) {
      throw notEmpty();
    }
    try {
      return replace();
    } catch (IOException | RuntimeException e) {
      // Without the lock what stands there by now is somebody else's.
      if (empty && locked) {
        removeTree(dataDir.resolve("store"));
        removeTree(dataDir.resolve("lib"));
      }
      throw e;
    }
  }

  private Summary replace() throws IOException {
    Files.createDirectories(dataDir);
    try (FileChannel _ = requireStopped()) {
      locked = true;
      removeTree(staging);
      Contents contents = unpack();
      checkStore();
      return Summary.of(contents, exchange(contents.images()));
    } finally {
      removeTree(staging);
    }
  }

  private boolean isEmpty() throws IOException {
    return found().isEmpty();
  }

  private List<String> found() throws IOException {
    if (!Files.isDirectory(dataDir)) {
      return List.of();
    }
    try (Stream<Path> found = Files.list(dataDir)) {
      return found
          .map(path -> path.getFileName().toString())
          .filter(name -> !name.equals("lost+found"))
          .sorted()
          .toList();
    }
  }

  private IOException notEmpty() throws IOException {
    return new IOException(
        "the data directory "
            + dataDir
            + " is not empty (it holds "
            + String.join(", ", found())
            + "); name another one with --data-dir, or put its data aside with --force");
  }

  /// Holds the store's own lock for as long as the restore takes.
  private FileChannel requireStopped() throws IOException {
    Path store = Files.createDirectories(dataDir.resolve("store"));
    FileChannel channel =
        FileChannel.open(
            store.resolve("berth.db.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock held = channel.tryLock();
      if (held != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // The same process holds it: the same refusal.
    }
    channel.close();
    throw new IOException(
        "a Berth runs with the data directory "
            + dataDir
            + "; stop it first with berth down --data-dir "
            + dataDir);
  }

  private Contents unpack() throws IOException {
    makePrivate(staging);
    makePrivate(staging.resolve("pki"));
    Files.createDirectories(staging.resolve("registry").resolve("repositories"));
    try (InputStream in = counted(backup, progress)) {
      return BackupReader.read(backup, in, this::create);
    }
  }

  private static void makePrivate(Path directory) throws IOException {
    Files.createDirectories(directory);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
  }

  private OutputStream create(String name) throws IOException {
    Path file = staging.resolve(place(name));
    Files.createDirectories(file.getParent());
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return new DurableFile(file);
  }

  private static String place(String name) throws IOException {
    if (name.equals("store.db")) {
      return "store/berth.db";
    }
    if (name.startsWith("pki/") || name.equals("node-name")) {
      return name;
    }
    if (name.startsWith("blobs/") || name.startsWith("repositories/")) {
      return "registry/" + name;
    }
    throw new IOException("a backup has no such entry");
  }

  private void checkStore() throws IOException {
    try {
      SqliteStore.checkRestored(staging.resolve("store"), dataDir.resolve("lib"), sealing());
    } catch (StoreException e) {
      throw new IOException(
          "the backup " + backup + " is damaged at store.db: " + e.getMessage(), e);
    }
  }

  /// A backup without keys was taken where they lie elsewhere: whoever starts it names that place.
  private Sealing sealing() {
    Path keys = staging.resolve("pki").resolve(Controller.SECRET_KEYS);
    return Files.exists(keys) ? new SealedValues(keys, StoreKeys::isSecret) : Sealing.NONE;
  }

  private Optional<Path> exchange(boolean images) throws IOException {
    List<String> parts = new ArrayList<>(List.of("store", "pki", "node-name"));
    if (images) {
      parts.add("registry");
    }
    Path marker = dataDir.resolve(MARKER);
    Files.writeString(marker, backup.toAbsolutePath() + "\n");
    sync(marker);
    sync(dataDir);
    Path aside = dataDir.resolve("before-restore-" + STAMP.format(clock.instant()));
    boolean any = false;
    for (String part : parts) {
      any |= exchange(part, aside);
    }
    sync(dataDir);
    Files.delete(marker);
    sync(dataDir);
    return any ? Optional.of(aside) : Optional.empty();
  }

  /// The directory that holds only the lock of this restore is no data.
  private boolean exchange(String part, Path aside) throws IOException {
    Path place = dataDir.resolve(part);
    boolean data = Files.exists(place) && !isOnlyLocked(place);
    if (data) {
      Files.createDirectories(aside);
      Files.move(place, aside.resolve(part), StandardCopyOption.ATOMIC_MOVE);
    } else {
      removeTree(place);
    }
    if (Files.exists(staging.resolve(part))) {
      Files.move(staging.resolve(part), place, StandardCopyOption.ATOMIC_MOVE);
    }
    return data;
  }

  private static boolean isOnlyLocked(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return false;
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.allMatch(file -> file.endsWith("berth.db.lock"));
    }
  }

  private static void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void removeTree(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(
              Path directory, @org.jspecify.annotations.Nullable IOException failure)
              throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static InputStream counted(Path file, Progress progress) throws IOException {
    return new Counted(Files.newInputStream(file), Files.size(file), progress);
  }

  /// A file whose bytes are on the disk when it is closed.
  private static final class DurableFile extends OutputStream {
    private final FileChannel channel;

    DurableFile(Path file) throws IOException {
      this.channel = FileChannel.open(file, StandardOpenOption.WRITE);
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      java.nio.ByteBuffer left = java.nio.ByteBuffer.wrap(bytes, offset, length);
      while (left.hasRemaining()) {
        channel.write(left);
      }
    }

    @Override
    public void close() throws IOException {
      try (channel) {
        channel.force(true);
      }
    }
  }

  private static final class Counted extends FilterInputStream {
    private final long total;
    private final Progress progress;
    private long read;

    Counted(InputStream in, long total, Progress progress) {
      super(in);
      this.total = total;
      this.progress = progress;
    }

    @Override
    public int read() throws IOException {
      int b = in.read();
      tell(b < 0 ? 0 : 1);
      return b;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int n = in.read(buffer, offset, length);
      tell(Math.max(0, n));
      return n;
    }

    private void tell(int n) {
      read += n;
      progress.at(read, total);
    }
  }
}
