package dev.berth.agent.network;

import dev.berth.agent.linux.Linux;
import dev.berth.agent.linux.Syscalls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// Work inside a sandbox's namespaces, on a thread that enters them, does nothing else, and ends:
/// it must never come back to others.
final class InNamespace {
  private InNamespace() {}

  interface Work<T> {
    T run() throws IOException;
  }

  /// @param namespaces files of `box` by their names (`net`, `ipc`)
  static <T> T run(Syscalls sys, Path box, Iterable<String> namespaces, Work<T> work)
      throws IOException, InterruptedException {
    CompletableFuture<T> made = new CompletableFuture<>();
    Thread.ofPlatform()
        .name("in-namespace")
        .daemon()
        .start(
            () -> {
              try {
                namespaces.forEach(name -> enter(sys, box.resolve(name)));
                made.complete(work.run());
              } catch (IOException | RuntimeException | Error e) {
                made.completeExceptionally(e);
              }
            });
    try {
      return made.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException refused) {
        throw refused;
      }
      throw new IOException(e.getCause());
    }
  }

  /// Throws an `ErrnoException` where there is no such namespace any more.
  private static void enter(Syscalls sys, Path namespace) {
    int fd = sys.openat(Linux.AT_FDCWD, namespace.toString(), Linux.O_RDONLY | Linux.O_CLOEXEC, 0);
    try {
      sys.setns(fd, 0);
    } finally {
      sys.close(fd);
    }
  }
}
