package dev.berth.cli.watch;

import dev.berth.cli.term.Failure;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Some folders, with all below them or without. What an editor and Git write for themselves is no
/// change.
public final class FolderWatch implements AutoCloseable {
  /// As many folders as a source tree has; more is a home directory named by mistake.
  static final int MOST_FOLDERS = 4096;

  /// A burst of changes is over when nothing came for so long.
  private static final Duration QUIET = Duration.ofMillis(200);

  /// A folder that never is quiet is looked at all the same.
  private static final Duration LONGEST = Duration.ofSeconds(2);

  private final Registration registration;
  private final WatchService service;
  private final Map<WatchKey, Path> folders = new HashMap<>();
  private final Set<Path> flat = new HashSet<>();
  private final Set<Path> deep = new HashSet<>();

  /// How the system is told; a test refuses as a system would that has no room for more.
  interface Registration {
    WatchKey of(Path folder, WatchService service) throws IOException;
  }

  public FolderWatch() throws IOException {
    this(
        (folder, service) ->
            folder.register(
                service,
                StandardWatchEventKinds.ENTRY_CREATE,
                StandardWatchEventKinds.ENTRY_MODIFY,
                StandardWatchEventKinds.ENTRY_DELETE));
  }

  FolderWatch(Registration registration) throws IOException {
    this.registration = registration;
    service = FileSystems.getDefault().newWatchService();
  }

  /// Watches these from now on, beside those that are watched already. One that is not there, or
  /// goes and comes back, is watched as soon as it is there.
  ///
  /// @param flatly only what lies in them
  /// @param whole with everything below them
  /// @throws Failure where it would be too many; then, as where the system refuses, these are not
  ///   watched
  public void watch(Set<Path> flatly, Set<Path> whole) throws IOException {
    Set<Path> newFlat = new HashSet<>(flatly);
    Set<Path> newDeep = new HashSet<>(whole);
    newFlat.removeAll(flat);
    newDeep.removeAll(deep);
    flat.addAll(newFlat);
    deep.addAll(newDeep);
    try {
      registerAll();
    } catch (Failure | IOException e) {
      flat.removeAll(newFlat);
      deep.removeAll(newDeep);
      forgetOthers();
      throw e;
    }
  }

  /// Again also what is watched: the same folder keeps its key, one made anew gets its own.
  private void registerAll() throws IOException {
    for (Path folder : flat) {
      registerAbove(folder);
      if (Files.isDirectory(folder)) {
        register(folder);
      }
    }
    for (Path folder : deep) {
      registerAbove(folder);
      if (Files.isDirectory(folder)) {
        registerBelow(folder);
      }
    }
  }

  /// The nearest folder above, which tells when this one comes, or another takes its place.
  private void registerAbove(Path wanted) throws IOException {
    @Nullable Path above = wanted.getParent();
    while (above != null && !(Files.isDirectory(above) && Files.isReadable(above))) {
      above = above.getParent();
    }
    if (above != null) {
      register(above);
    }
  }

  private void forgetOthers() {
    for (Map.Entry<WatchKey, Path> one : Set.copyOf(folders.entrySet())) {
      if (!isInside(one.getValue()) && !isAbove(one.getValue())) {
        one.getKey().cancel();
        folders.remove(one.getKey());
      }
    }
  }

  private void registerBelow(Path top) throws IOException {
    Files.walkFileTree(
        top,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            if (isOwn(folder)) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            register(folder);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE; // it went meanwhile, or is nobody's to read
          }
        });
  }

  private void register(Path folder) throws IOException {
    try {
      folders.put(registration.of(folder, service), folder);
    } catch (NoSuchFileException e) {
      return; // gone again
    } catch (IOException e) {
      throw new IOException(
          "cannot watch "
              + folder
              + ": "
              + e.getMessage()
              + "; raise fs.inotify.max_user_watches or max_user_instances (sysctl)",
          e);
    }
    if (folders.size() > MOST_FOLDERS) {
      throw Failure.of(
          "more than " + MOST_FOLDERS + " folders to watch, up to " + folder,
          "name the folder of the app, or keep its context small");
    }
  }

  /// Waits for changes and then until they are over, or went on for long enough. What came
  /// meanwhile is watched when this returns, so that whoever reads then misses nothing.
  ///
  /// @return what changed; empty where too much did to say
  /// @throws Failure where there are too many folders by now
  public Set<Path> await() throws InterruptedException, IOException {
    Set<Path> changed = new TreeSet<>();
    boolean lost = false;
    while (!lost && changed.isEmpty()) {
      lost = read(service.take(), changed);
    }
    long end = System.nanoTime() + LONGEST.toNanos();
    @Nullable WatchKey key = service.poll(QUIET.toNanos(), TimeUnit.NANOSECONDS);
    while (key != null) {
      lost |= read(key, changed);
      long left = Math.min(QUIET.toNanos(), end - System.nanoTime());
      key = left > 0 ? service.poll(left, TimeUnit.NANOSECONDS) : null;
    }
    registerAll();
    return lost ? Set.of() : changed;
  }

  /// True where the kernel's queue was full. Whatever is taken is made ready again.
  private boolean read(WatchKey key, Set<Path> changed) {
    @Nullable Path folder = folders.get(key);
    boolean lost = false;
    for (WatchEvent<?> event : key.pollEvents()) {
      if (event.kind().equals(StandardWatchEventKinds.OVERFLOW)) {
        lost = true;
      } else if (folder != null && event.context() instanceof Path name && !isOwn(name)) {
        Path path = folder.resolve(name);
        if (isInside(folder) || isWanted(path) || isAbove(path)) {
          changed.add(path);
        }
      }
    }
    if (!key.reset()) {
      folders.remove(key);
      if (folder != null) {
        changed.add(folder); // it is gone
      }
    }
    return lost;
  }

  /// Whether what lies in it counts.
  private boolean isInside(Path folder) {
    return flat.contains(folder) || deep.stream().anyMatch(folder::startsWith);
  }

  private boolean isWanted(Path path) {
    return flat.contains(path) || deep.contains(path);
  }

  /// Whether it is on the way to one that is wanted.
  private boolean isAbove(Path path) {
    return Stream.concat(flat.stream(), deep.stream())
        .anyMatch(wanted -> wanted.startsWith(path) && !wanted.equals(path));
  }

  /// What no build needs and a tool writes for itself: Git's folder, an editor's swap and backup
  /// files.
  static boolean isOwn(Path path) {
    @Nullable Path last = path.getFileName();
    String name = last == null ? "" : last.toString();
    return name.equals(".git")
        || name.equals("4913") // by which vim finds out whether it may write
        || name.endsWith("~")
        || name.startsWith(".#")
        || name.matches("\\..*\\.sw[a-z]");
  }

  /// Whoever waits is woken up with a [ClosedWatchServiceException].
  @Override
  public void close() throws IOException {
    service.close();
  }
}
