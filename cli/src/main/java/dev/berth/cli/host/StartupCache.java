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

/// The JVM's ahead-of-time caches beside the jars (JEP 483, 514): with one the next start does not
/// load and link every class anew, which is half of a start of the servers and most of a verb's.
/// Written in the background by children that rehearse, once per set of jars; one of several hosts
/// that share the jars does it.
///
/// Nothing depends on it: the JVM itself refuses a cache that does not fit its jars or is cut, and
/// goes on without; it is on the disk before its name is. `FILE.key` says for what it was written;
/// any other key means to write anew.
final class StartupCache implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StartupCache.class);
  private static final String MAIN = "dev.berth.cli.Main";
  private static final String VERBS = "berth-verbs.aot";
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  private final Path file;
  private final List<String> commandLine;
  private final Path launcher;
  private final Thread thread;
  private volatile @Nullable Process rehearsal;

  private StartupCache(Path file, List<String> commandLine, Path launcher) {
    this.file = file;
    this.commandLine = commandLine;
    this.launcher = launcher;
    this.thread = Thread.ofVirtual().name("berth-startup-cache").unstarted(this::refresh);
  }

  /// How one cache is written.
  ///
  /// @param file of the cache
  /// @param command without the option that names the file to write; empty for none
  /// @param key what it is written for
  private record Recipe(Path file, List<String> command, String key) {
    boolean isCurrent() throws IOException {
      return command.isEmpty()
          || (Files.exists(file)
              && Files.exists(beside(file, ".key"))
              && Files.readString(beside(file, ".key")).equals(key + stamp(file)));
    }
  }

  /// Starts writing if the launcher named a file, nobody forbade it (`BERTH_AOT=off`), and the file
  /// is not that of these jars. Closing ends it, with its child.
  static AutoCloseable refreshed() {
    String file = System.getProperty("berth.aot", "");
    boolean off = System.getenv().getOrDefault("BERTH_AOT", "").equals("off");
    if (file.isEmpty() || off) {
      return () -> {};
    }
    Path launcher = Path.of(System.getProperty("berth.launcher", ""));
    StartupCache cache = new StartupCache(Path.of(file), commandLine(), launcher);
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
      Recipe servers = new Recipe(file, command(commandLine), key);
      Recipe verbs = new Recipe(file.resolveSibling(VERBS), verb(launcher), key + stamp(launcher));
      if (servers.isCurrent() && verbs.isCurrent()) {
        return;
      }
      try (FileChannel channel =
              FileChannel.open(
                  beside(file, ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.tryLock()) {
        for (Recipe recipe : lock == null ? List.<Recipe>of() : List.of(servers, verbs)) {
          if (!recipe.isCurrent()) {
            write(recipe);
          }
        }
      }
    } catch (IOException e) {
      LOG.atInfo().addKeyValue("file", file).addKeyValue("why", e.toString()).log("no start cache");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// A cache that was cut or changed is written anew, too.
  private static String stamp(Path path) throws IOException {
    return Files.exists(path)
        ? path + " " + Files.size(path) + " " + Files.getLastModifiedTime(path).toMillis() + "\n"
        : path + " is missing\n";
  }

  private void write(Recipe recipe) throws IOException, InterruptedException {
    Path file = recipe.file();
    removeLeftOvers(file);
    Path next = beside(file, ".new." + ProcessHandle.current().pid());
    ProcessBuilder builder =
        new ProcessBuilder(recipe.command())
            .directory(new File("/"))
            .redirectInput(new File("/dev/null"))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    // The launcher, too, hands it on; and it must not take the cache that is to be replaced.
    builder.environment().put("JAVA_TOOL_OPTIONS", "-XX:AOTCacheOutput=" + next);
    builder.environment().put("BERTH_AOT", "off");
    Process process = builder.start();
    rehearsal = process;
    int code = await(process);
    if (code == 0 && Files.exists(next)) {
      Files.deleteIfExists(beside(file, ".key"));
      sync(next);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      sync(file.toAbsolutePath().getParent());
      Files.writeString(beside(file, ".key"), recipe.key() + stamp(file));
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
  private static void removeLeftOvers(Path file) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    try (Stream<Path> entries = directory == null ? Stream.of() : Files.list(directory)) {
      for (Path entry :
          entries.filter(e -> e.toString().startsWith(file.toAbsolutePath() + ".new.")).toList()) {
        Files.deleteIfExists(entry);
      }
    }
  }

  private static Path beside(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  /// This process's own command line with another verb: a cache fits only the flags and the class
  /// path that it was made with. Empty where it is not understood.
  static List<String> command(List<String> own) {
    int classPath = own.indexOf("-cp");
    if (classPath < 1 || classPath + 2 >= own.size() || !own.get(classPath + 2).equals(MAIN)) {
      return List.of();
    }
    List<String> command = new ArrayList<>(List.of("nice", "-n", "19", own.getFirst()));
    own.subList(1, classPath).stream()
        .filter(flag -> !flag.startsWith("-XX:AOT") && !flag.startsWith("-Dberth."))
        .forEach(command::add);
    command.addAll(List.of("-cp", own.get(classPath + 1), MAIN, "rehearse"));
    return command;
  }

  /// The launcher alone knows the flags of verbs.
  private static List<String> verb(Path launcher) {
    return Files.isExecutable(launcher)
        ? List.of("nice", "-n", "19", launcher.toString(), "rehearse-verbs")
        : List.of();
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
