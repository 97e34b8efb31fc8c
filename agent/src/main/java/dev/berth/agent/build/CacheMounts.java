package dev.berth.agent.build;

import dev.berth.agent.image.FileTree;
import dev.berth.agent.linux.Linux;
import dev.berth.agent.linux.Syscalls;
import dev.berth.api.Digest;
import dev.berth.api.script.Mount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The directories of `RUN --mount=type=cache`: one for each id and namespace, kept from build to
/// build and never part of an image. Who shares it decides `sharing`: all at once, one after the
/// other, or each on its own while it is taken.
final class CacheMounts {
  /// Of a directory that is kept; all others end with their step.
  private static final Pattern NAME = Pattern.compile("[0-9a-f]{64}");

  private final Path root;
  private final Syscalls sys;
  private final Map<String, Semaphore> locks = new ConcurrentHashMap<>();
  private final Map<String, ReentrantLock> making = new ConcurrentHashMap<>();

  CacheMounts(Path root, Syscalls sys) {
    this.root = root;
    this.sys = sys;
  }

  /// A directory for one step.
  record Lease(Path dir, Runnable release) implements AutoCloseable {
    @Override
    public void close() {
      release.run();
    }
  }

  /// Fills a directory that nobody else sees yet.
  interface Seed {
    void fill(Path into) throws IOException;
  }

  /// What a builder that was killed was filling, or had lent to a step alone. Called before any
  /// step runs.
  void removeLeftovers() {
    if (!Files.isDirectory(root)) {
      return;
    }
    try (Stream<Path> dirs = Files.list(root)) {
      dirs.filter(dir -> !NAME.matcher(String.valueOf(dir.getFileName())).matches())
          .forEach(Leftovers::remove);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Lease take(String namespace, Mount.Cache cache, String id, Seed seed)
      throws IOException, InterruptedException {
    String name = Digest.sha256((namespace + "\0" + id).getBytes(StandardCharsets.UTF_8)).hex();
    Semaphore lock = locks.computeIfAbsent(name, _ -> new Semaphore(1));
    return switch (cache.sharing()) {
      case SHARED -> lease(name, cache, seed, () -> {});
      case LOCKED -> {
        lock.acquire();
        yield held(name, cache, seed, lock);
      }
      case PRIVATE -> lock.tryAcquire() ? held(name, cache, seed, lock) : own(cache, seed);
    };
  }

  private Lease held(String name, Mount.Cache cache, Seed seed, Semaphore lock)
      throws IOException, InterruptedException {
    try {
      return lease(name, cache, seed, lock::release);
    } catch (IOException | InterruptedException | RuntimeException e) {
      lock.release();
      throw e;
    }
  }

  /// One after the other: a rename replaces a directory that is there and empty, also one that a
  /// step has mounted.
  private Lease lease(String name, Mount.Cache cache, Seed seed, Runnable release)
      throws IOException, InterruptedException {
    Path dir = root.resolve(name);
    ReentrantLock lock = making.computeIfAbsent(name, _ -> new ReentrantLock());
    lock.lockInterruptibly();
    try {
      if (!Files.isDirectory(dir, LinkOption.NOFOLLOW_LINKS)) {
        publish(fresh(cache, seed), dir);
      }
    } finally {
      lock.unlock();
    }
    return new Lease(dir, release);
  }

  private Lease own(Mount.Cache cache, Seed seed) throws IOException {
    Path dir = fresh(cache, seed);
    return new Lease(dir, () -> FileTree.delete(dir));
  }

  /// Filled before a step can see it: a running one could swap what is being written for a link.
  private Path fresh(Mount.Cache cache, Seed seed) throws IOException {
    Files.createDirectories(root);
    Path dir = Files.createTempDirectory(root, "new");
    boolean done = false;
    try {
      seed.fill(dir);
      sys.fchownat(Linux.AT_FDCWD, dir.toString(), cache.uid(), cache.gid());
      sys.fchmodat(Linux.AT_FDCWD, dir.toString(), cache.mode());
      done = true;
      return dir;
    } finally {
      if (!done) {
        FileTree.delete(dir);
      }
    }
  }

  private static void publish(Path fresh, Path dir) throws IOException {
    try {
      Files.move(fresh, dir, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      FileTree.delete(fresh);
      throw e;
    }
  }
}
