package dev.berth.bench;

import dev.berth.agent.linux.JnaSyscalls;
import dev.berth.agent.linux.Linux;
import dev.berth.agent.linux.Syscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/// A peer: a command that runs one container and ends when nothing is left of it. Started by
/// posix_spawn, as our helper is, because the JDK's own way takes a process more.
final class CommandStarter implements Starter {
  /// The command for one container.
  @FunctionalInterface
  interface Line {
    List<String> of(int lane, String id);
  }

  private final Syscalls sys = new JnaSyscalls();
  private final Path dir;
  private final Line line;
  private final AtomicLong count = new AtomicLong();

  /// @param dir for what it prints
  CommandStarter(Path dir, Line line) throws IOException {
    this.dir = Files.createDirectories(dir);
    this.line = line;
  }

  @Override
  public Start once(int lane) throws IOException {
    List<String> command = line.of(lane, EngineStarter.MARK + count.incrementAndGet());
    Path printed = dir.resolve("out" + lane);
    Path errors = dir.resolve("err" + lane);
    int[] fds = {open("/dev/null"), open(printed.toString()), open(errors.toString())};
    try {
      long begin = System.nanoTime();
      int pid = sys.spawn(command.getFirst(), command, fds);
      OptionalInt status = sys.waitFor(pid, true);
      long end = System.nanoTime() - begin;
      if (status.orElse(-1) != 0) {
        throw new IOException(String.join(" ", command) + ": " + Files.readString(errors).strip());
      }
      long entered = Long.parseLong(Files.readString(printed).strip()) - begin;
      return new Start(entered, OptionalLong.empty(), end);
    } finally {
      for (int fd : fds) {
        sys.close(fd);
      }
    }
  }

  private int open(String file) {
    int flags = Linux.O_WRONLY | Linux.O_CREAT | Linux.O_TRUNC | Linux.O_CLOEXEC;
    return sys.openat(Linux.AT_FDCWD, file, flags, 0600);
  }

  @Override
  public void close() {}
}
