package dev.berth.agent.build;

import dev.berth.agent.linux.Linux;
import dev.berth.agent.linux.Syscalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Layers as one tree, mounted on the host for as long as files are copied out of it or into it.
/// Writable when it has an upper directory. No program of the image ever runs on it, and every
/// access goes below its root by descriptor.
final class MergedView implements AutoCloseable {
  private static final long SAFE = Linux.MS_NODEV | Linux.MS_NOSUID | Linux.MS_NOEXEC;
  private final Syscalls sys;
  private final Path root;

  private MergedView(Syscalls sys, Path root) {
    this.sys = sys;
    this.root = root;
  }

  static MergedView readOnly(Syscalls sys, Path dir, List<Path> layers, Path empty) {
    // A read-only overlay wants two layers, and no layer twice: FROM scratch has only the empty
    // one.
    Path second = layers.contains(empty) ? dir.resolve("none") : empty;
    create(second);
    return mount(sys, dir, "lowerdir=" + join(layers) + ":" + second, SAFE | Linux.MS_RDONLY);
  }

  /// For a RUN that may execute what it sees here, inside its container.
  static MergedView runnable(Syscalls sys, Path dir, List<Path> layers) {
    create(dir.resolve("upper"));
    create(dir.resolve("work"));
    return mount(sys, dir, layered(dir, layers), Linux.MS_NODEV | Linux.MS_NOSUID);
  }

  static MergedView writable(Syscalls sys, Path dir, List<Path> layers) {
    create(dir.resolve("upper"));
    create(dir.resolve("work"));
    return mount(sys, dir, layered(dir, layers), SAFE);
  }

  private static String layered(Path dir, List<Path> layers) {
    return "lowerdir="
        + join(layers)
        + ",upperdir="
        + dir.resolve("upper")
        + ",workdir="
        + dir.resolve("work");
  }

  private static String join(List<Path> layers) {
    return String.join(":", layers.stream().map(Path::toString).toList());
  }

  private static MergedView mount(Syscalls sys, Path dir, String options, long flags) {
    Path root = dir.resolve("merged");
    create(root);
    sys.mount("overlay", root.toString(), "overlay", flags, options);
    return new MergedView(sys, root);
  }

  private static void create(Path dir) {
    try {
      Files.createDirectories(dir);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path root() {
    return root;
  }

  @Override
  public void close() {
    sys.unmount(root.toString(), Linux.MNT_DETACH);
  }
}
