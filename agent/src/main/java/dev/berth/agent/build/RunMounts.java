package dev.berth.agent.build;

import dev.berth.agent.container.Bind;
import dev.berth.agent.container.Tmpfs;
import dev.berth.agent.image.FileTree;
import dev.berth.agent.image.LayerUnpacker;
import dev.berth.agent.linux.Linux;
import dev.berth.agent.linux.Syscalls;
import dev.berth.api.Digest;
import dev.berth.api.script.Heredoc;
import dev.berth.api.script.Instruction;
import dev.berth.api.script.Mount;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// What one RUN sees besides the image, opened for as long as it runs.
final class RunMounts implements AutoCloseable {
  /// Where a here-document that is a program stands: /dev is the container's own, so nothing of it
  /// stays in the image.
  static final String PROGRAM = "/dev/.heredoc";

  private final Syscalls sys;
  private final Path dir;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  final List<Bind> binds = new ArrayList<>();
  final List<Tmpfs> tmpfs = new ArrayList<>();

  /// Places the files of the mounts below `dir`.
  RunMounts(Syscalls sys, Path dir) {
    this.sys = sys;
    this.dir = dir;
  }

  /// Where a mount's files come from, with the text that stands for them in the step's key.
  interface Origins {
    Tree tree(Optional<String> from);
  }

  record Tree(List<Path> layers, String key) {}

  /// What of the mounts and here-documents the result depends on.
  static String key(Syscalls sys, Instruction.Run run, Path context, Origins origins)
      throws IOException {
    StringBuilder key = new StringBuilder();
    for (Mount mount : run.mounts()) {
      if (mount instanceof Mount.Bind bind) {
        key.append(' ')
            .append(
                bind.from().isPresent()
                    ? origins.tree(bind.from()).key()
                    : contents(sys, context, bind.source()));
      }
    }
    run.heredocs().forEach(h -> key.append(' ').append(h.content()));
    return key.toString();
  }

  private static String contents(Syscalls sys, Path root, String source) throws IOException {
    CopyPlan plan = new CopyPlan(sys, root);
    String path = CopyPlan.normalize(source);
    if (plan.resolve(path).isEmpty()) {
      throw missing(source, Optional.empty());
    }
    plan.add(path, "x");
    MessageDigest hash = Digest.sha256(new byte[0]).hasher();
    try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), hash)) {
      plan.write(out, new CopyPlan.Ownership(0, 0, OptionalInt.empty()), false);
    }
    return Digest.finish("sha256", hash.digest()).toString();
  }

  private static BuildException missing(String source, Optional<String> from) {
    return new BuildException(
        "--mount: " + source + ": no such file in " + from.map(f -> f).orElse("the build context"));
  }

  /// What the container's own file systems hold is not for a script to replace.
  private static void allowed(String target) {
    String path = "/" + CopyPlan.normalize(target);
    for (String own : List.of("/dev", "/proc", "/sys")) {
      if (path.equals(own) || path.startsWith(own + "/")) {
        throw new BuildException(
            "--mount: target=" + target + " is not allowed: " + own + " is the container's own");
      }
    }
  }

  void bind(Mount.Bind bind, Tree tree) throws IOException {
    allowed(bind.target());
    Path place = dir.resolve("bind" + binds.size());
    Files.createDirectories(place);
    MergedView view = own(MergedView.runnable(sys, place, tree.layers()));
    CopyPlan plan = new CopyPlan(sys, view.root());
    String source = CopyPlan.normalize(bind.source());
    if (plan.resolve(source).isEmpty()) {
      throw missing(bind.source(), bind.from());
    }
    binds.add(
        new Bind(plan.real(source), bind.target(), plan.isDirectory(source), !bind.writable()));
  }

  /// Lends a directory of the cache, which a first one finds filled from the tree.
  void cache(CacheMounts caches, String namespace, Mount.Cache cache, Optional<Tree> tree)
      throws IOException, InterruptedException {
    allowed(cache.target());
    CacheMounts.Seed seed =
        into -> {
          if (tree.isPresent()) {
            fill(cache, into, tree.get());
          }
        };
    CacheMounts.Lease lease = own(caches.take(namespace, cache, cache.id(), seed));
    binds.add(new Bind(lease.dir(), cache.target(), true, cache.readOnly()));
  }

  private void fill(Mount.Cache cache, Path into, Tree tree) throws IOException {
    Path place = dir.resolve("seed" + binds.size());
    Files.createDirectories(place);
    try (MergedView view = MergedView.writable(sys, place, tree.layers())) {
      CopyPlan plan = new CopyPlan(sys, view.root());
      String source = CopyPlan.normalize(cache.source());
      if (plan.resolve(source).isEmpty()) {
        throw missing(cache.source(), cache.from());
      }
      plan.add(source, "");
      Path tar = place.resolve("seed.tar");
      try (OutputStream out = Files.newOutputStream(tar)) {
        plan.write(
            out, new CopyPlan.Ownership(cache.uid(), cache.gid(), OptionalInt.empty()), true);
      }
      try (InputStream in = Files.newInputStream(tar)) {
        LayerUnpacker.plain(sys).unpack(in, into);
      }
    }
  }

  void tmpfs(Mount.Tmpfs mount) {
    allowed(mount.target());
    tmpfs.add(new Tmpfs(mount.target(), mount.size().orElse(0), 01777));
  }

  void program(Heredoc heredoc) throws IOException {
    Path file = dir.resolve("program");
    write(file, heredoc.content(), 0755);
    binds.add(new Bind(file, PROGRAM, false, true));
  }

  private void write(Path file, String text, int mode) throws IOException {
    Files.createDirectories(dir);
    Files.deleteIfExists(file);
    int fd =
        sys.openat(
            Linux.AT_FDCWD,
            file.toString(),
            Linux.O_WRONLY | Linux.O_CREAT | Linux.O_EXCL | Linux.O_CLOEXEC,
            mode);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try {
      sys.write(fd, bytes, 0, bytes.length);
    } finally {
      sys.close(fd);
    }
    sys.fchmodat(Linux.AT_FDCWD, file.toString(), mode);
  }

  private <T extends AutoCloseable> T own(T part) {
    open.push(part);
    return part;
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Exception e) {
        throw new BuildException("cannot take a mount of the step away", e);
      }
    }
    FileTree.delete(dir);
  }
}
