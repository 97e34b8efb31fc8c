package dev.berth.cli.host;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The JVM's ahead-of-time cache beside the jars (JEP 483, 514): with it the next start does not
/// load and link every class anew, which is half of a start. Written in the background by a child
/// that rehearses a start, once per set of jars; one of several hosts that share the jars does it.
///
/// Nothing depends on it: the JVM itself refuses a cache that does not fit its jars or is cut, and
/// goes on without; it is on the disk before its name is. `FILE.key` says for what it was written;
/// any other key means to write anew.
final class StartupCache implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StartupCache.class);
  private static final String MAIN = "dev.berth.cli.Main";
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  private final Path file;
  private final List<String> commandLine;
  private final Thread thread;
  private volatile @Nullable Process rehearsal;

  private StartupCache(Path file, List<String> commandLine) {
    this.file = file;
    this.commandLine = commandLine;
    this.thread = Thread.ofVirtual().name("berth-startup-cache").unstarted(this::refresh);
  }

  /// Starts writing if the launcher named a file, nobody forbade it (`BERTH_AOT=off`), and the file
  /// is not that of these jars. Closing ends it, with its child.
  static AutoCloseable refreshed() {
    String file = System.getProperty("berth.aot", "");
    boolean off = System.getenv().getOrDefault("BERTH_AOT", "").equals("off");
    if (file.isEmpty() || off) {
      return () -> {};
    }
    StartupCache cache = new StartupCache(Path.of(file), commandLine());
    cache.thread.start();
    return cache;
  }

  private static List<String> commandLine() {
    try {
      String words = Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.UTF_8);
      return List.of(words.split("\0", -1));
    } catch (IOException e) {
      return List.of();
    }
  }

  private void refresh() {
    try {
      String key = key(commandLine);
      if (isCurrent(key)) {
        return;
      }
      try (FileChannel channel =
              FileChannel.open(
                  beside(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.tryLock()) {
        if (lock != null && !isCurrent(key)) {
          write(key);
        }
      }
    } catch (IOException e) {
      LOG.atInfo().addKeyValue("file", file).addKeyValue("why", e.toString()).log("no start cache");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isCurrent(String key) throws IOException {
    return Files.exists(file)
        && Files.exists(beside(".key"))
        && Files.readString(beside(".key")).equals(key + stamp(file));
  }

  /// A cache that was cut or changed is written anew, too.
  private static String stamp(Path path) throws IOException {
    return Files.exists(path)
        ? path + " " + Files.size(path) + " " + Files.getLastModifiedTime(path).toMillis() + "\n"
        : path + " is missing\n";
  }

  private void write(String key) throws IOException, InterruptedException {
    removeLeftOvers();
    Path next = beside(".new." + ProcessHandle.current().pid());
    List<String> command = command(commandLine, next);
    if (command.isEmpty()) {
      return;
    }
    Process process =
        new ProcessBuilder(command)
            .directory(new File("/"))
            .redirectInput(new File("/dev/null"))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    rehearsal = process;
    int code = await(process);
    if (code == 0 && Files.exists(next)) {
      Files.deleteIfExists(beside(".key"));
      sync(next);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      sync(file.toAbsolutePath().getParent());
      Files.writeString(beside(".key"), key + stamp(file));
    } else {
      Files.deleteIfExists(next);
      LOG.atInfo().addKeyValue("file", file).addKeyValue("code", code).log("no start cache");
    }
  }

  /// Whoever interrupts this may have seen no child yet: it ends here, too.
  static int await(Process process) throws InterruptedException {
    try {
      return process.waitFor();
    } finally {
      end(process);
    }
  }

  /// With what it started.
  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroy();
  }

  /// The JVM checks the head of a cache only: one whose pages were lost in a power cut would end
  /// every start.
  private static void sync(@Nullable Path path) throws IOException {
    if (path != null) {
      try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /// Of processes that were killed while they wrote; the lock says that nobody else writes now.
  private void removeLeftOvers() throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    try (Stream<Path> entries = directory == null ? Stream.of() : Files.list(directory)) {
      for (Path entry :
          entries.filter(e -> e.toString().startsWith(file.toAbsolutePath() + ".new.")).toList()) {
        Files.deleteIfExists(entry);
      }
    }
  }

  private Path beside(String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  /// This process's own command line with another verb and the file to write: a cache fits only the
  /// flags and the class path that it was made with. Empty where it is not understood.
  static List<String> command(List<String> own, Path next) {
    int classPath = own.indexOf("-cp");
    if (classPath < 1 || classPath + 2 >= own.size() || !own.get(classPath + 2).equals(MAIN)) {
      return List.of();
    }
    List<String> command = new ArrayList<>(List.of("nice", "-n", "19", own.getFirst()));
    own.subList(1, classPath).stream()
        .filter(flag -> !flag.startsWith("-XX:AOT") && !flag.startsWith("-Dberth."))
        .forEach(command::add);
    command.add("-XX:AOTCacheOutput=" + next);
    command.addAll(List.of("-cp", own.get(classPath + 1), MAIN, "rehearse"));
    return command;
  }

  /// The JVM, its flags, and name, size and time of each jar.
  static String key(List<String> own) throws IOException {
    StringBuilder key = new StringBuilder(System.getProperty("java.vm.version", "")).append('\n');
    own.stream()
        .filter(word -> word.startsWith("-XX:") && !word.startsWith("-XX:AOT"))
        .forEach(flag -> key.append(flag).append('\n'));
    int classPath = own.indexOf("-cp");
    String jars = classPath < 0 || classPath + 1 >= own.size() ? "" : own.get(classPath + 1);
    for (String jar : jars.split(File.pathSeparator, -1)) {
      key.append(stamp(Path.of(jar)));
    }
    return key.toString();
  }

  @Override
  public void close() {
    Process process = rehearsal;
    if (process != null) {
      end(process);
    }
    thread.interrupt();
    try {
      // The process may be over with its last hook: a child that is only just starting ends before.
      if (!thread.join(LAST_WORDS)) {
        LOG.atInfo().addKeyValue("file", file).log("the rehearsal of a start may go on");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
