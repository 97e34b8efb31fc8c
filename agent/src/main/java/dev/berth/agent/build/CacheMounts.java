package dev.berth.agent.build;

import dev.berth.agent.image.FileTree;
import dev.berth.agent.linux.Linux;
import dev.berth.agent.linux.Syscalls;
import dev.berth.api.Digest;
import dev.berth.api.script.Mount;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/// The directories of `RUN --mount=type=cache`: one for each id and namespace, kept from build to
/// build and never part of an image. Who shares it decides `sharing`: all at once, one after the
/// other, or each on its own while it is taken.
final class CacheMounts {
  private final Path root;
  private final Syscalls sys;
  private final Map<String, Semaphore> locks = new ConcurrentHashMap<>();

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

  private Lease held(String name, Mount.Cache cache, Seed seed, Semaphore lock) throws IOException {
    try {
      return lease(name, cache, seed, lock::release);
    } catch (IOException | RuntimeException e) {
      lock.release();
      throw e;
    }
  }

  private Lease lease(String name, Mount.Cache cache, Seed seed, Runnable release)
      throws IOException {
    Path dir = root.resolve(name);
    if (!Files.isDirectory(dir, LinkOption.NOFOLLOW_LINKS)) {
      publish(fresh(cache, seed), dir);
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

  /// Loses to one that came first.
  private static void publish(Path fresh, Path dir) throws IOException {
    try {
      Files.move(fresh, dir, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      FileTree.delete(fresh);
      if (!Files.isDirectory(dir, LinkOption.NOFOLLOW_LINKS)) {
        throw e;
      }
    }
  }
}
