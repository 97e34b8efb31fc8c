package dev.berth.agent.build;

import dev.berth.agent.image.FileTree;
import dev.berth.agent.linux.Linux;
import dev.berth.agent.linux.Syscalls;
import dev.berth.api.Digest;
import dev.berth.api.script.Mount;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

  /// A directory for one step; `fresh` when nobody has filled it yet.
  record Lease(Path dir, boolean fresh, Runnable release) implements AutoCloseable {
    @Override
    public void close() {
      release.run();
    }
  }

  Lease take(String namespace, Mount.Cache cache, String id)
      throws IOException, InterruptedException {
    String name = Digest.sha256((namespace + "\0" + id).getBytes(StandardCharsets.UTF_8)).hex();
    Semaphore lock = locks.computeIfAbsent(name, _ -> new Semaphore(1));
    return switch (cache.sharing()) {
      case SHARED -> lease(name, cache, () -> {});
      case LOCKED -> {
        lock.acquire();
        yield held(name, cache, lock);
      }
      case PRIVATE -> lock.tryAcquire() ? held(name, cache, lock) : own(cache);
    };
  }

  private Lease held(String name, Mount.Cache cache, Semaphore lock) throws IOException {
    try {
      return lease(name, cache, lock::release);
    } catch (IOException | RuntimeException e) {
      lock.release();
      throw e;
    }
  }

  private Lease lease(String name, Mount.Cache cache, Runnable release) throws IOException {
    Path dir = root.resolve(name);
    boolean fresh = !Files.isDirectory(dir);
    make(dir, cache);
    return new Lease(dir, fresh, release);
  }

  private Lease own(Mount.Cache cache) throws IOException {
    Files.createDirectories(root);
    Path dir = Files.createTempDirectory(root, "private");
    make(dir, cache);
    return new Lease(dir, true, () -> FileTree.delete(dir));
  }

  private void make(Path dir, Mount.Cache cache) throws IOException {
    Files.createDirectories(dir);
    sys.fchownat(Linux.AT_FDCWD, dir.toString(), cache.uid(), cache.gid());
    sys.fchmodat(Linux.AT_FDCWD, dir.toString(), cache.mode());
  }
}
