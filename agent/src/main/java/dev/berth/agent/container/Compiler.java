package dev.berth.agent.container;

import dev.berth.agent.linux.Errno;
import dev.berth.agent.linux.Linux;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Container -> list of system calls. Pure: no I/O, so that tests assert on the list.
///
/// The order is the meaning. Cgroups before the cgroup namespace, so that its root is the
/// container; joined namespaces before any mount; the masks while /dev and /proc are our own alone;
/// every mount before pivot_root, while host paths still resolve; every target inside the image
/// opened with openat2 below the root and mounted on by descriptor, because images contain symbolic
/// links; all descriptors closed before the image's first byte runs; identity, then no_new_privs,
/// then the filter, then execve.
public final class Compiler {
  /// The mount target's descriptor: a fixed number, so that its /proc path is known when compiling.
  private static final int TARGET = 200;

  private static final String TARGET_PATH = "/proc/self/fd/" + TARGET;

  /// What is shown of a volume, in the same way.
  private static final int SOURCE = 201;

  private static final String SOURCE_PATH = "/proc/self/fd/" + SOURCE;
  private static final int R = 1;
  private static final int ROOT = 2;
  private static final long NO_EXEC = Linux.MS_NOSUID | Linux.MS_NOEXEC | Linux.MS_NODEV;
  private static final String TERMINALS = "newinstance,ptmxmode=0666,mode=0620,gid=5";
  private static final List<Errno> EXISTS = List.of(Errno.EEXIST);

  private final ContainerSpec spec;
  private final FdPlan fds;
  private final long hardOpenFiles;
  private final List<Op> ops = new ArrayList<>();

  /// Which descriptors the helper is born with: 3 is the program, 4 the report, 5 the state
  /// directory, 6 and 7 the log pipes (6 alone the master of a terminal), 8 what is held of the
  /// input, then the namespaces to join, then one `tasks` file for each cgroup hierarchy (or one
  /// directory on version 2).
  record FdPlan(int namespaces, int cgroups, boolean intoCgroup) {
    static final int PROGRAM = 3;
    static final int REPORT = 4;
    static final int STATE = 5;
    static final int OUT = 6;
    static final int ERR = 7;
    static final int IN = 8;
    static final int FIRST = 9;

    int cgroup(int i) {
      return FIRST + namespaces + i;
    }

    int end() {
      return FIRST + namespaces + cgroups;
    }
  }

  private Compiler(ContainerSpec spec, FdPlan fds, long hardOpenFiles) {
    this.spec = spec;
    this.fds = fds;
    this.hardOpenFiles = hardOpenFiles;
  }

  static Program compile(ContainerSpec spec, FdPlan fds, long hardOpenFiles) {
    return new Compiler(spec, fds, hardOpenFiles).compile();
  }

  private Program compile() {
    cgroups();
    namespaces();
    root();
    devices();
    kernelFilesystems();
    masks(); // before anything of somebody else's can lie over /dev or /proc
    spec.tmpfs().forEach(this::tmpfs);
    spec.binds().forEach(this::bind);
    enterRoot();
    identity();
    execute();
    long flags = Linux.CLONE_NEWNS | Linux.CLONE_NEWPID;
    if (fds.namespaces() == 0) {
      flags |= Linux.CLONE_NEWNET | Linux.CLONE_NEWIPC | Linux.CLONE_NEWUTS;
    }
    Program.Fds kept =
        new Program.Fds(
            fds.intoCgroup() ? fds.cgroup(0) : -1,
            FdPlan.STATE,
            FdPlan.REPORT,
            FdPlan.OUT,
            spec.input() == Input.TERMINAL ? -1 : FdPlan.ERR,
            spec.input() == Input.NONE ? -1 : FdPlan.IN);
    List<Op> keeper = new ArrayList<>(keeper(fds.end()));
    if (spec.input() == Input.TERMINAL) {
      keeper.addAll(FirstTerminal.make(spec.user()));
    }
    return new Program(keeper, ops, flags, kept, spec.log().toString());
  }

  /// The JVM's descriptors are not all close-on-exec, and glibc leaves signals 32 and 33 ignored in
  /// what it spawns.
  static List<Op> keeper(int end) {
    return List.of(
        Op.of("close inherited", Nr.CLOSE_RANGE, end, 0xffffffffL, 0),
        Op.of("report", Nr.FCNTL, FdPlan.REPORT, 2, 1),
        Op.of("signal 32", Nr.SIGACTION, 32, new byte[32], 0, 8),
        Op.of("signal 33", Nr.SIGACTION, 33, new byte[32], 0, 8),
        Op.of("keeper session", Nr.SETSID));
  }

  private void add(String label, int number, Object... args) {
    ops.add(Op.of(label, number, args));
  }

  private void cgroups() {
    if (!fds.intoCgroup()) {
      for (int i = 0; i < fds.cgroups(); i++) {
        add("cgroup", Nr.WRITE, fds.cgroup(i), "0", 1);
      }
    }
    add("cgroup namespace", Nr.UNSHARE, Linux.CLONE_NEWCGROUP);
  }

  private void namespaces() {
    for (int i = 0; i < fds.namespaces(); i++) {
      add("join namespace", Nr.SETNS, FdPlan.FIRST + i, 0);
    }
    add("session", Nr.SETSID);
    if (spec.input() == Input.TERMINAL) {
      ops.addAll(FirstTerminal.take());
    }
    ops.add(Op.of("keyring", Nr.KEYCTL, 1, 0).ignoring(Errno.ENOSYS, Errno.EDQUOT));
    add(
        "hostname",
        Nr.SETHOSTNAME,
        spec.hostname(),
        spec.hostname().getBytes(StandardCharsets.UTF_8).length);
  }

  /// Lower directories are named relative to their common parent: the kernel takes one page of
  /// options.
  private void root() {
    add("private mounts", Nr.MOUNT, 0, "/", 0, Linux.MS_REC | Linux.MS_PRIVATE, 0);
    Path base = commonParent(spec.layers());
    add("layers", Nr.CHDIR, base.toString());
    String lower =
        String.join(":", spec.layers().stream().map(l -> base.relativize(l).toString()).toList());
    String options =
        "lowerdir="
            + lower
            + ",upperdir="
            + spec.dir().resolve("upper")
            + ",workdir="
            + spec.dir().resolve("work")
            + ",volatile";
    String rootfs = spec.dir().resolve("rootfs").toString();
    add("overlay", Nr.MOUNT, "overlay", rootfs, "overlay", 0, options);
    add("root", Nr.CHDIR, rootfs);
    add("umask", Nr.UMASK, 0);
  }

  static Path commonParent(List<Path> layers) {
    Path common = parent(layers.getFirst());
    for (Path layer : layers) {
      while (!layer.startsWith(common)) {
        common = parent(common);
      }
    }
    return common;
  }

  private static Path parent(Path path) {
    return Objects.requireNonNull(path.getParent(), "layers are absolute paths");
  }

  private void devices() {
    topLevel(
        "dev", "tmpfs", "tmpfs", Linux.MS_NOSUID | Linux.MS_STRICTATIME, "mode=755,size=65536k");
    for (String dir : List.of("dev/pts", "dev/shm", "dev/mqueue")) {
      add("mkdir " + dir, Nr.MKDIRAT, Linux.AT_FDCWD, dir, 0755);
    }
    device("null", 1, 3);
    device("zero", 1, 5);
    device("full", 1, 7);
    device("random", 1, 8);
    device("urandom", 1, 9);
    device("tty", 5, 0);
    link("/proc/self/fd", "dev/fd");
    link("/proc/self/fd/0", "dev/stdin");
    link("/proc/self/fd/1", "dev/stdout");
    link("/proc/self/fd/2", "dev/stderr");
    link("pts/ptmx", "dev/ptmx");
    if (spec.input() == Input.TERMINAL) {
      ops.addAll(FirstTerminal.mount());
    } else {
      long flags = Linux.MS_NOSUID | Linux.MS_NOEXEC;
      add("devpts", Nr.MOUNT, "devpts", "dev/pts", "devpts", flags, TERMINALS);
    }
    add("shm", Nr.MOUNT, "shm", "dev/shm", "tmpfs", NO_EXEC, "mode=1777,size=65536k");
    add("mqueue", Nr.MOUNT, "mqueue", "dev/mqueue", "mqueue", NO_EXEC, 0);
  }

  private void device(String name, int major, int minor) {
    add(
        "mknod " + name,
        Nr.MKNODAT,
        Linux.AT_FDCWD,
        "dev/" + name,
        Linux.S_IFCHR | 0666,
        major << 8 | minor);
  }

  private void link(String target, String name) {
    add("link " + name, Nr.SYMLINKAT, target, Linux.AT_FDCWD, name);
  }

  private void kernelFilesystems() {
    topLevel("proc", "proc", "proc", NO_EXEC, "");
    topLevel("sys", "sysfs", "sysfs", NO_EXEC | Linux.MS_RDONLY, "");
  }

  /// A directory of ours in the image's root; an image in which it is a link does not start.
  private void topLevel(String name, String source, String type, long flags, String data) {
    ops.add(Op.of("mkdir " + name, Nr.MKDIRAT, Linux.AT_FDCWD, name, 0755).ignoring(Errno.EEXIST));
    open(name, Linux.O_PATH | Linux.O_DIRECTORY, Linux.RESOLVE_IN_ROOT | Linux.RESOLVE_NO_SYMLINKS);
    add(name, Nr.MOUNT, source, TARGET_PATH, type, flags, data.isEmpty() ? Op.Arg.of(0) : data);
  }

  /// Leaves the opened path at descriptor [#TARGET].
  private void open(String path, int flags, long resolve) {
    ops.add(
        Op.of("open " + path, Nr.OPENAT2, Linux.AT_FDCWD, path, how(flags, 0, resolve), 24).to(R));
    add("target " + path, Nr.DUP3, new Op.Arg.Register(R), TARGET, Linux.O_CLOEXEC);
    add("close " + path, Nr.CLOSE, new Op.Arg.Register(R));
  }

  private static byte[] how(int flags, int mode, long resolve) {
    return ByteBuffer.allocate(24)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong((flags | Linux.O_CLOEXEC) & 0xffffffffL)
        .putLong(mode)
        .putLong(resolve)
        .array();
  }

  private void tmpfs(Tmpfs t) {
    String target = t.target().replaceFirst("^/+", "");
    makeTarget(target, true);
    open(target, Linux.O_PATH | Linux.O_DIRECTORY, Linux.RESOLVE_IN_ROOT);
    add(
        "tmpfs " + t.target(),
        Nr.MOUNT,
        "tmpfs",
        TARGET_PATH,
        "tmpfs",
        Linux.MS_NOSUID | Linux.MS_NODEV,
        t.options());
  }

  private void bind(Bind bind) {
    String target = bind.target().replaceFirst("^/+", "");
    String source = bind.within().isEmpty() ? bind.source().toString() : SOURCE_PATH;
    if (!bind.within().isEmpty()) {
      openWithin(bind);
    }
    makeTarget(target, bind.directory());
    open(target, Linux.O_PATH, Linux.RESOLVE_IN_ROOT);
    add("bind " + bind.target(), Nr.MOUNT, source, TARGET_PATH, 0, Linux.MS_BIND | Linux.MS_REC, 0);
    if (bind.readOnly() || bind.volume()) {
      open(target, Linux.O_PATH, Linux.RESOLVE_IN_ROOT);
      long flags = Linux.MS_BIND | Linux.MS_REMOUNT | Linux.MS_NOSUID | Linux.MS_NODEV;
      add(
          (bind.readOnly() ? "read-only " : "no devices ") + bind.target(),
          Nr.MOUNT,
          0,
          TARGET_PATH,
          0,
          bind.readOnly() ? flags | Linux.MS_RDONLY : flags,
          0);
    }
  }

  /// Leaves the part of a volume at descriptor [#SOURCE]: whatever links containers lay there, it
  /// is inside.
  private void openWithin(Bind bind) {
    String label = bind.within() + " of volume " + bind.source().getFileName();
    byte[] root = how(Linux.O_PATH | Linux.O_DIRECTORY, 0, Linux.RESOLVE_NO_SYMLINKS);
    byte[] inside = how(Linux.O_PATH, 0, Linux.RESOLVE_IN_ROOT | Linux.RESOLVE_NO_MAGICLINKS);
    ops.add(
        Op.of(
                "open volume " + bind.source().getFileName(),
                Nr.OPENAT2,
                Linux.AT_FDCWD,
                bind.source().toString(),
                root,
                24)
            .to(ROOT));
    ops.add(
        Op.of("open " + label, Nr.OPENAT2, new Op.Arg.Register(ROOT), bind.within(), inside, 24)
            .to(R));
    add("source " + label, Nr.DUP3, new Op.Arg.Register(R), SOURCE, Linux.O_CLOEXEC);
    add("close " + label, Nr.CLOSE, new Op.Arg.Register(R));
    add("close volume", Nr.CLOSE, new Op.Arg.Register(ROOT));
  }

  /// Makes the parents one by one, each below the root, then the target itself.
  private void makeTarget(String target, boolean directory) {
    String[] parts = target.split("/", -1);
    String parent = ".";
    for (int i = 0; i < parts.length; i++) {
      boolean last = i == parts.length - 1;
      if (!last || directory) {
        ops.add(
            Op.of(
                    "open " + parent,
                    Nr.OPENAT2,
                    Linux.AT_FDCWD,
                    parent,
                    how(Linux.O_PATH | Linux.O_DIRECTORY, 0, Linux.RESOLVE_IN_ROOT),
                    24)
                .to(R));
        ops.add(
            Op.of("mkdir " + target, Nr.MKDIRAT, new Op.Arg.Register(R), parts[i], 0755)
                .ignoring(Errno.EEXIST));
        add("close " + parent, Nr.CLOSE, new Op.Arg.Register(R));
      } else {
        ops.add(
            Op.of(
                    "create " + target,
                    Nr.OPENAT2,
                    Linux.AT_FDCWD,
                    target,
                    how(
                        Linux.O_RDONLY | Linux.O_CREAT | Linux.O_NONBLOCK,
                        0644,
                        Linux.RESOLVE_IN_ROOT),
                    24)
                .to(R)
                .ignoring(Errno.EISDIR, Errno.EEXIST)
                .skipping(1));
        add("close " + target, Nr.CLOSE, new Op.Arg.Register(R));
      }
      parent = parent.equals(".") ? parts[i] : parent + "/" + parts[i];
    }
  }

  /// What the kernel here lacks is skipped; any other error fails the start, so that no mask fails
  /// open.
  private void masks() {
    for (String path : spec.security().masked()) {
      boolean directory = path.endsWith("/");
      Op mask =
          directory
              ? Op.of("mask " + path, Nr.MOUNT, "tmpfs", path, "tmpfs", Linux.MS_RDONLY, "size=0")
              : Op.of("mask " + path, Nr.MOUNT, "dev/null", path, 0, Linux.MS_BIND, 0);
      ops.add(mask.ignoring(Errno.ENOENT));
    }
    for (String path : spec.security().readOnly()) {
      ops.add(
          Op.of("read-only " + path, Nr.MOUNT, path, path, 0, Linux.MS_BIND | Linux.MS_REC, 0)
              .ignoring(Errno.ENOENT)
              .skipping(1));
      add(
          "read-only " + path,
          Nr.MOUNT,
          0,
          path,
          0,
          Linux.MS_BIND | Linux.MS_REMOUNT | Linux.MS_RDONLY | NO_EXEC,
          0);
    }
  }

  private void enterRoot() {
    ops.addAll(closeAllButReport());
    add("pivot_root", Nr.PIVOT_ROOT, ".", ".");
    add("detach host", Nr.UMOUNT2, ".", Linux.MNT_DETACH);
    add("chdir /", Nr.CHDIR, "/");
    if (fds.namespaces() == 0) {
      loopback();
    }
    add("umask", Nr.UMASK, 022);
    workingDirectory();
    if (spec.readOnlyRoot()) { // last, because what is missing for the mounts had to be made
      long flags = Linux.MS_BIND | Linux.MS_REMOUNT | Linux.MS_RDONLY;
      add("read-only root", Nr.MOUNT, 0, "/", 0, flags, 0);
    }
  }

  static List<Op> closeAllButReport() {
    return List.of(
        Op.of("close state", Nr.CLOSE_RANGE, FdPlan.REPORT + 1, 0xffffffffL, 0),
        Op.of("close program", Nr.CLOSE, FdPlan.PROGRAM));
  }

  private void loopback() {
    byte[] request = new byte[40];
    request[0] = 'l';
    request[1] = 'o';
    request[16] = 0x41; // IFF_UP | IFF_RUNNING
    ops.add(Op.of("lo socket", Nr.SOCKET, 2, 2 | Linux.O_CLOEXEC, 0).to(R));
    add("lo up", Nr.IOCTL, new Op.Arg.Register(R), 0x8914, request);
    add("lo close", Nr.CLOSE, new Op.Arg.Register(R));
  }

  /// Made when absent, as root, inside the root; entered before the identity changes. No descriptor
  /// that could lead out is left by now, so a directory like /proc/self/fd/7 leads nowhere.
  private void workingDirectory() {
    StringBuilder path = new StringBuilder();
    for (String part : spec.workingDirectory().replaceFirst("^/+", "").split("/", -1)) {
      if (!part.isEmpty()) {
        path.append('/').append(part);
        ops.add(
            new Op(
                "mkdir " + path,
                Nr.MKDIRAT,
                List.of(Op.Arg.of(Linux.AT_FDCWD), Op.Arg.of(path.toString()), Op.Arg.of(0755)),
                0,
                EXISTS,
                0));
      }
    }
    add("chdir " + spec.workingDirectory(), Nr.CHDIR, path.isEmpty() ? "/" : path.toString());
  }

  private void identity() {
    ops.addAll(limits(Math.min(spec.openFiles(), hardOpenFiles)));
    ops.addAll(become(spec.user(), spec.security()));
  }

  /// A core file would go to whatever the host does with its own.
  static List<Op> limits(long files) {
    return List.of(
        Op.of("open files", Nr.PRLIMIT, 0, Linux.RLIMIT_NOFILE, longs(files, files), 0),
        Op.of("no core files", Nr.PRLIMIT, 0, Linux.RLIMIT_CORE, longs(0, 0), 0));
  }

  /// Bounding set, groups, ids, sets, no_new_privs, filter. A user other than root keeps no
  /// capability at all.
  static List<Op> become(User user, Security security) {
    List<Op> ops = new ArrayList<>();
    long mask = Capability.mask(security.capabilities());
    for (int c = 0; c < 64; c++) {
      if ((mask >> c & 1) == 0 && c < Capability.values().length) {
        ops.add(Op.of("drop capability", Nr.PRCTL, 24, c, 0, 0, 0).ignoring(Errno.EINVAL));
      }
    }
    ByteBuffer groups =
        ByteBuffer.allocate(4 * user.groups().size()).order(ByteOrder.LITTLE_ENDIAN);
    user.groups().forEach(groups::putInt);
    ops.add(
        Op.of(
            "setgroups",
            Nr.SETGROUPS,
            user.groups().size(),
            groups.capacity() == 0 ? Op.Arg.of(0) : groups.array()));
    ops.add(Op.of("setgid", Nr.SETGID, user.gid()));
    ops.add(Op.of("setuid", Nr.SETUID, user.uid()));
    ops.add(
        Op.of(
            "capset", Nr.CAPSET, ints(0x20080522, 0), capabilitySets(user.uid() == 0 ? mask : 0)));
    ops.add(Op.of("no_new_privs", Nr.PRCTL, 38, 1, 0, 0, 0));
    ops.add(Op.of("signal mask", Nr.SIGPROCMASK, 2, new byte[8], 0, 8));
    if (security.filter().length > 0) {
      ops.add(Op.of("seccomp", Nr.SECCOMP, 1, 0, new Op.Arg.Filter(security.filter())));
    }
    return ops;
  }

  /// Effective and permitted; inheritable stays empty.
  private static byte[] capabilitySets(long mask) {
    int low = (int) mask;
    int high = (int) (mask >>> 32);
    return ints(low, low, 0, high, high, 0);
  }

  private static byte[] ints(int... values) {
    ByteBuffer b = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int v : values) {
      b.putInt(v);
    }
    return b.array();
  }

  private static byte[] longs(long... values) {
    ByteBuffer b = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (long v : values) {
      b.putLong(v);
    }
    return b.array();
  }

  /// Directories of a PATH that are looked into.
  private static final int MOST_CANDIDATES = 256;

  private void execute() {
    ops.addAll(execute(spec.command(), spec.environment()));
  }

  /// A name without a slash is looked for along the container's own PATH: one execve each, the last
  /// one's error counts.
  static List<Op> execute(List<String> command, List<String> environment) {
    List<Op> ops = new ArrayList<>();
    List<String> candidates = candidates(command.getFirst(), environment);
    if (candidates.isEmpty()) {
      throw ContainerException.ofEmptyPath(command.getFirst());
    }
    for (String file : candidates) {
      Op op =
          Op.of(
              "exec " + file,
              Nr.EXECVE,
              file,
              new Op.Arg.Strings(command),
              new Op.Arg.Strings(environment));
      ops.add(file.equals(candidates.getLast()) ? op : op.ignoring(Errno.ENOENT, Errno.ENOTDIR));
    }
    return ops;
  }

  /// The files that a command may mean, in the order in which they are tried; none for a mere name
  /// where PATH is empty.
  public static List<String> candidates(String name, List<String> environment) {
    if (name.contains("/")) {
      return List.of(name);
    }
    String path =
        environment.stream()
            .filter(e -> e.startsWith("PATH="))
            .map(e -> e.substring(5))
            .findFirst()
            .orElse("/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    return java.util.Arrays.stream(path.split(":", -1))
        .filter(d -> !d.isEmpty())
        .map(d -> d + "/" + name)
        .distinct()
        .limit(MOST_CANDIDATES)
        .toList();
  }
}
