package dev.berth.agent.build;

import dev.berth.agent.cgroup.Limits;
import dev.berth.agent.container.Bind;
import dev.berth.agent.container.Container;
import dev.berth.agent.container.ContainerSpec;
import dev.berth.agent.container.ExitStatus;
import dev.berth.agent.container.User;
import dev.berth.agent.image.Accounts;
import dev.berth.agent.image.Compression;
import dev.berth.agent.image.FileTree;
import dev.berth.agent.image.LayerPacker;
import dev.berth.agent.image.LayerUnpacker;
import dev.berth.agent.linux.Syscalls;
import dev.berth.agent.network.PodFiles;
import dev.berth.agent.network.Sandbox;
import dev.berth.api.Digest;
import dev.berth.api.script.Heredoc;
import dev.berth.api.script.Instruction;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;

/// Does one step on top of some layers and takes what overlay recorded as the new layer.
final class StepRunner {
  private final BuildHost host;
  private final Syscalls sys;
  private final String id;
  private final String script;
  private final Path dir;
  private final BuildLog log;

  StepRunner(BuildHost host, String id, String script, Path dir, BuildLog log) {
    this.host = host;
    this.script = script;
    this.sys = host.containers().machine().sys();
    this.id = id;
    this.dir = dir;
    this.log = log;
  }

  /// Lower directories as overlay wants them, uppermost first.
  List<Path> lower(List<Digest> layers) {
    List<Path> paths =
        new ArrayList<>(
            layers.reversed().stream().map(host.images().store()::layer).distinct().toList());
    if (paths.isEmpty()) {
      paths.add(host.images().store().empty());
    }
    return paths;
  }

  // ---- RUN

  /// Opens what a step sees besides the image.
  interface Mounts {
    /// Called before the start.
    ///
    /// @param at where files may lie until the step has ended
    RunMounts open(Path at) throws IOException, InterruptedException;
  }

  Optional<Digest> run(
      int step, StageState state, List<String> argv, Map<String, String> extra, Mounts mounts)
      throws IOException, InterruptedException {
    Path at = dir.resolve("step" + step);
    FileTree.delete(at);
    Sandbox sandbox = host.network().attach("build-" + id);
    try (RunMounts mounted = mounts.open(dir.resolve("mounts" + step))) {
      PodFiles.write(sandbox, "build", "default", host.network().bridge().address());
      ContainerSpec spec = spec(step, at, state, argv, extra, sandbox, mounted);
      Container container = host.containers().start(spec);
      host.logs().watch(container, log.file());
      ExitStatus exit;
      try {
        exit = host.containers().exit(container).get();
      } catch (InterruptedException e) {
        host.containers().kill(container);
        throw e;
      } catch (ExecutionException e) {
        throw new IOException(e);
      } finally {
        host.logs().forget(container);
        host.containers().machine().cgroups().existing(spec.cgroup()).remove();
      }
      if (!exit.success()) {
        throw new BuildException(
            exit.outOfMemory()
                ? "the command ran out of memory"
                : "the command exited with " + exit.code(),
            exit.code());
      }
      MountPoints.remove(at.resolve("upper"), spec);
      return keep(at.resolve("upper"));
    } finally {
      host.network().detach("build-" + id);
      FileTree.delete(at);
    }
  }

  /// Copies that the step may write, on the build's disk: the originals lie in the host's memory,
  /// where nothing bounds what a step adds to them.
  private static List<Bind> hostFiles(Sandbox sandbox, Path at) throws IOException {
    Path copies = Files.createDirectories(at.resolve("etc"));
    List<Bind> binds = new ArrayList<>();
    for (String name : List.of("resolv.conf", "hosts", "hostname")) {
      Path copy =
          Files.copy(
              sandbox.dir().resolve(name),
              copies.resolve(name),
              StandardCopyOption.COPY_ATTRIBUTES);
      binds.add(new Bind(copy, "/etc/" + name, false, false));
    }
    return binds;
  }

  private ContainerSpec spec(
      int step,
      Path at,
      StageState state,
      List<String> argv,
      Map<String, String> extra,
      Sandbox sandbox,
      RunMounts mounted)
      throws IOException {
    List<Path> layers = lower(state.layers);
    Accounts.Account account = new Accounts(sys, layers).resolve(state.user);
    Map<String, String> environment = state.variables();
    extra.forEach(environment::putIfAbsent);
    environment.putIfAbsent("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    environment.putIfAbsent("HOME", account.home());
    List<String> variables =
        environment.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
    List<Bind> binds = hostFiles(sandbox, at);
    binds.addAll(mounted.binds);
    return new ContainerSpec(
        "build-" + id + "-" + step,
        at,
        host.node() + "/build-" + id + "/step" + step,
        layers,
        argv,
        variables,
        state.directory,
        new User(account.uid(), account.gid(), account.groups()),
        "build",
        Optional.of(sandbox.dir()),
        binds,
        Limits.none(),
        host.security(),
        log.file(),
        ContainerSpec.DEFAULT_OPEN_FILES,
        false,
        mounted.tmpfs);
  }

  private static boolean isEmpty(Path dir) throws IOException {
    try (var entries = Files.list(dir)) {
      return entries.findAny().isEmpty();
    }
  }

  /// Names the recorded difference by the digest of its tar and puts it into the store; nothing
  /// where nothing changed.
  private Optional<Digest> keep(Path upper) throws IOException {
    if (isEmpty(upper)) {
      return Optional.empty();
    }
    MessageDigest hash = Digest.sha256(new byte[0]).hasher();
    try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), hash)) {
      LayerPacker.pack(sys, upper, out);
    }
    Digest diffId = Digest.finish("sha256", hash.digest());
    Path prepared = host.images().store().temporary("step").resolve("layer");
    Files.move(upper, prepared);
    host.images().store().adopt(diffId, prepared);
    Path parent = prepared.getParent();
    if (parent != null) {
      FileTree.delete(parent);
    }
    return Optional.of(diffId);
  }

  // ---- COPY, ADD, WORKDIR

  /// The files of a copy as one archive on disk, with the digest that stands for them.
  record Prepared(Path archive, Digest digest, List<Path> unpack, String target) {}

  /// Finds the sources and packs them.
  ///
  /// @param root the tree the sources are in
  Prepared prepare(int step, Instruction.Copy copy, Path root, StageState state, OptionalInt mode)
      throws IOException {
    String target = copy.target();
    CopyPlan plan = new CopyPlan(sys, root);
    String place =
        CopyPlan.normalize(target.startsWith("/") ? target : state.directory + "/" + target);
    List<String> found = new ArrayList<>();
    for (String source : copy.sources()) {
      List<String> matches = plan.resolve(source);
      if (matches.isEmpty()) {
        throw MissingSource.of(source, copy.from(), root, script);
      }
      found.addAll(matches);
    }
    boolean into =
        target.endsWith("/")
            || target.equals(".")
            || target.endsWith("/.")
            || isDirectory(state, place);
    if (found.size() + copy.files().size() > 1 && !into) {
      throw new BuildException("the target of several sources must end with /: " + target);
    }
    List<Path> archives = new ArrayList<>();
    for (String source : found) {
      boolean directory = plan.isDirectory(source);
      Path real = plan.real(source);
      if (copy.unpack() && !directory && isArchive(real)) {
        archives.add(real);
      } else {
        String name = source.substring(source.lastIndexOf('/') + 1);
        plan.add(source, directory || !into ? place : place.isEmpty() ? name : place + "/" + name);
      }
    }
    Files.createDirectories(dir);
    for (Heredoc h : copy.files()) {
      Path file = Files.writeString(Files.createTempFile(dir, "heredoc", ""), h.content());
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
      plan.put(into ? place.isEmpty() ? h.name() : place + "/" + h.name() : place, file);
    }
    CopyPlan.Ownership ownership = ownership(copy.owner(), mode, state);
    Path archive = dir.resolve("copy" + step + ".tar");
    MessageDigest hash = Digest.sha256(new byte[0]).hasher();
    try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), hash)) {
      plan.write(out, ownership, false);
      for (Path a : archives) {
        try (InputStream in = Files.newInputStream(a)) {
          in.transferTo(out);
        }
      }
    }
    try (OutputStream out = Files.newOutputStream(archive)) {
      plan.write(out, ownership, true);
    }
    return new Prepared(archive, Digest.finish("sha256", hash.digest()), archives, place);
  }

  private CopyPlan.Ownership ownership(Optional<String> owner, OptionalInt mode, StageState state) {
    if (owner.isEmpty()) {
      return new CopyPlan.Ownership(0, 0, mode);
    }
    Accounts accounts = new Accounts(sys, lower(state.layers));
    String[] parts = owner.get().split(":", 2);
    Accounts.Account account = accounts.resolve(parts[0]);
    boolean number = parts[0].matches("[0-9]+");
    int group =
        parts.length == 2 ? accounts.group(parts[1]) : number ? account.uid() : account.gid();
    return new CopyPlan.Ownership(account.uid(), group, mode);
  }

  private boolean isDirectory(StageState state, String place) throws IOException {
    try (MergedView view =
        MergedView.readOnly(sys, dir, lower(state.layers), host.images().store().empty())) {
      CopyPlan target = new CopyPlan(sys, view.root());
      return !target.resolve(place).isEmpty() && target.isDirectory(place);
    }
  }

  private static boolean isArchive(Path file) throws IOException {
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(file));
        InputStream in = Compression.open(raw)) {
      byte[] head = in.readNBytes(512);
      return head.length == 512
          && new String(head, 257, 5, java.nio.charset.StandardCharsets.US_ASCII).equals("ustar");
    } catch (IOException e) {
      return false;
    }
  }

  Optional<Digest> apply(int step, StageState state, Prepared prepared) throws IOException {
    Path at = dir.resolve("step" + step);
    FileTree.delete(at);
    try {
      try (MergedView view = MergedView.writable(sys, at, lower(state.layers))) {
        try (InputStream in = Files.newInputStream(prepared.archive())) {
          LayerUnpacker.plain(sys).unpack(in, view.root());
        }
        for (Path archive : prepared.unpack()) {
          try (InputStream in = Files.newInputStream(archive)) {
            LayerUnpacker.plain(sys).unpack(in, directory(view, prepared.target()));
          }
        }
      }
      return keep(at.resolve("upper"));
    } finally {
      FileTree.delete(at);
      Files.deleteIfExists(prepared.archive());
    }
  }

  /// The place below the root where an archive goes; made when it is missing.
  private Path directory(MergedView view, String target) throws IOException {
    makeDirectory(view, target);
    return new CopyPlan(sys, view.root()).real(target);
  }

  private void makeDirectory(MergedView view, String target) throws IOException {
    CopyPlan plan = new CopyPlan(sys, view.root());
    if (target.isEmpty() || !plan.resolve(target).isEmpty()) {
      return;
    }
    Path tar = dir.resolve("mkdir.tar");
    try (OutputStream out = Files.newOutputStream(tar);
        var archive = LayerPacker.open(out)) {
      var entry = new org.apache.commons.compress.archivers.tar.TarArchiveEntry(target + "/");
      entry.setMode(0755);
      entry.setModTime(host.clock().millis());
      archive.putArchiveEntry(entry);
      archive.closeArchiveEntry();
    }
    try (InputStream in = Files.newInputStream(tar)) {
      LayerUnpacker.plain(sys).unpack(in, view.root());
    }
    Files.delete(tar);
  }

  Optional<Digest> workDir(int step, StageState state, String directory) throws IOException {
    Path at = dir.resolve("step" + step);
    FileTree.delete(at);
    try {
      try (MergedView view = MergedView.writable(sys, at, lower(state.layers))) {
        makeDirectory(view, CopyPlan.normalize(directory));
      }
      return keep(at.resolve("upper"));
    } finally {
      FileTree.delete(at);
    }
  }

  /// The tree of a stage or image, for COPY --from.
  MergedView view(List<Digest> layers) {
    return MergedView.readOnly(
        sys, dir.resolve("from"), lower(layers), host.images().store().empty());
  }
}
