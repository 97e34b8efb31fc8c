package dev.berth.agent.linux;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// [Syscalls] on glibc through JNA's direct mapping. Stateless but for the two libc objects that
/// every spawn shares.
public final class JnaSyscalls implements Syscalls {
  private static final int SYS_OPENAT2 = 437;
  private static final int SYS_PIDFD_OPEN = 434;
  private static final int SYS_PIDFD_GETFD = 438;
  private static final int SPAWN_SETSIGDEF = 4;
  private static final int SPAWN_SETSIGMASK = 8;

  private final Memory spawnAttributes = spawnAttributes();

  /// libc by its own names.
  private static final class C {
    static {
      Native.register(C.class, "c");
    }

    static native long syscall(long nr, long a, long b, long c, long d, long e, long f);

    static native long syscall(long nr, long a, byte[] b, Pointer c, long d, long e, long f);

    static native int openat(int dir, byte[] path, int flags, int mode);

    static native int close(int fd);

    static native long read(int fd, byte[] buffer, long n);

    static native long write(int fd, Pointer buffer, long n);

    static native long pread(int fd, byte[] buffer, long n, long offset);

    static native long pwrite(int fd, byte[] buffer, long n, long offset);

    static native int if_nametoindex(byte[] name);

    static native int pipe2(int[] fds, int flags);

    static native int memfd_create(byte[] name, int flags);

    static native int ioctl(int fd, long request, long argument);

    static native int ioctl(int fd, long request, byte[] argument);

    static native int fcntl(int fd, int command, long argument);

    static native int fchown(int fd, int uid, int gid);

    static native int posix_spawn(
        Pointer pid, byte[] path, Pointer actions, Pointer attributes, Pointer argv, Pointer envp);

    static native int posix_spawn_file_actions_init(Pointer p);

    static native int posix_spawn_file_actions_destroy(Pointer p);

    static native int posix_spawn_file_actions_adddup2(Pointer p, int from, int to);

    static native int posix_spawnattr_init(Pointer p);

    static native int posix_spawnattr_setflags(Pointer p, short flags);

    static native int posix_spawnattr_setsigmask(Pointer p, Pointer set);

    static native int posix_spawnattr_setsigdefault(Pointer p, Pointer set);

    static native int sigfillset(Pointer set);

    static native int waitpid(int pid, int[] status, int options);

    static native int kill(int pid, int signal);

    static native int unshare(int flags);

    static native int setns(int fd, int type);

    static native int mount(byte[] source, byte[] target, byte[] type, long flags, byte[] data);

    static native int umount2(byte[] target, int flags);

    static native int mkdirat(int dir, byte[] name, int mode);

    static native int symlinkat(byte[] target, int dir, byte[] name);

    static native int linkat(int fromDir, byte[] from, int toDir, byte[] to, int flags);

    static native int mknodat(int dir, byte[] name, int mode, long device);

    static native int unlinkat(int dir, byte[] name, int flags);

    static native int renameat(int fromDir, byte[] from, int toDir, byte[] to);

    static native int fchownat(int dir, byte[] name, int uid, int gid, int flags);

    static native int fchmodat(int dir, byte[] name, int mode, int flags);

    static native int utimensat(int dir, byte[] name, long[] times, int flags);

    static native int lsetxattr(byte[] path, byte[] name, byte[] value, long size, int flags);

    static native long llistxattr(byte[] path, byte[] list, long size);

    static native long lgetxattr(byte[] path, byte[] name, byte[] value, long size);

    static native int fstatat(int dir, byte[] name, byte[] stat, int flags);

    static native long readlinkat(int dir, byte[] name, byte[] into, long size);

    static native int socket(int domain, int type, int protocol);

    static native long send(int fd, byte[] buffer, long n, int flags);

    static native long recv(int fd, byte[] buffer, long n, int flags);

    static native int getrlimit(int resource, long[] limit);

    static native int epoll_create1(int flags);

    static native int epoll_ctl(int epoll, int op, int fd, Pointer event);

    static native int epoll_wait(int epoll, Pointer events, int max, int timeout);

    static native int syncfs(int fd);
  }

  private static byte[] z(String s) {
    byte[] bytes = s.getBytes(StandardCharsets.UTF_8);
    return Arrays.copyOf(bytes, bytes.length + 1);
  }

  private static long check(long result, String call, String operand) {
    if (result < 0) {
      throw new ErrnoException(call, operand, Native.getLastError());
    }
    return result;
  }

  private static int check(int result, String call, String operand) {
    return (int) check((long) result, call, operand);
  }

  private static Memory spawnAttributes() {
    Memory attributes = new Memory(512);
    Memory none = new Memory(128);
    none.clear();
    Memory all = new Memory(128);
    C.sigfillset(all);
    C.posix_spawnattr_init(attributes);
    C.posix_spawnattr_setsigmask(attributes, none);
    C.posix_spawnattr_setsigdefault(attributes, all);
    C.posix_spawnattr_setflags(attributes, (short) (SPAWN_SETSIGDEF | SPAWN_SETSIGMASK));
    return attributes;
  }

  @Override
  public int openat(int dir, String path, int flags, int mode) {
    return check(C.openat(dir, z(path), flags, mode), "open", path);
  }

  @Override
  public int openat2(int dir, String path, int flags, int mode, long resolve) {
    try (Memory how = new Memory(24)) {
      how.setLong(0, flags & 0xffffffffL);
      how.setLong(8, mode);
      how.setLong(16, resolve);
      return (int) check(C.syscall(SYS_OPENAT2, dir, z(path), how, 24, 0, 0), "openat2", path);
    }
  }

  @Override
  public void close(int fd) {
    check(C.close(fd), "close", "fd " + fd);
  }

  @Override
  public int read(int fd, byte[] into) {
    long n = C.read(fd, into, into.length);
    if (n < 0 && Native.getLastError() == Errno.EAGAIN.number()) {
      return -1;
    }
    return (int) check(n, "read", "fd " + fd);
  }

  @Override
  public void write(int fd, byte[] from, int offset, int length) {
    if (length == 0) {
      return;
    }
    try (Memory copy = new Memory(length)) {
      copy.write(0, from, offset, length);
      for (int done = 0; done < length; ) {
        done += (int) check(C.write(fd, copy.share(done), length - done), "write", "fd " + fd);
      }
    }
  }

  @Override
  public int writeSome(int fd, byte[] from, int offset, int length) {
    try (Memory copy = new Memory(Math.max(1, length))) {
      copy.write(0, from, offset, length);
      long n = C.write(fd, copy, length);
      if (n < 0 && Native.getLastError() == Errno.EAGAIN.number()) {
        return -1;
      }
      return (int) check(n, "write", "fd " + fd);
    }
  }

  @Override
  public void nonBlocking(int fd) {
    check(C.fcntl(fd, Linux.F_SETFL, Linux.O_NONBLOCK), "fcntl(F_SETFL)", "fd " + fd);
  }

  @Override
  public int ioctl(int fd, long request, long argument) {
    return check(C.ioctl(fd, request, argument), "ioctl", "fd " + fd);
  }

  @Override
  public int ioctl(int fd, long request, byte[] argument) {
    return check(C.ioctl(fd, request, argument), "ioctl", "fd " + fd);
  }

  @Override
  public byte[] pread(int fd, int length, long offset) {
    byte[] buffer = new byte[length];
    int n = (int) check(C.pread(fd, buffer, length, offset), "pread", "fd " + fd);
    return Arrays.copyOf(buffer, n);
  }

  @Override
  public void pwrite(int fd, byte[] from, long offset) {
    check(C.pwrite(fd, from, from.length, offset), "pwrite", "fd " + fd);
  }

  @Override
  public int[] pipe(int flags) {
    int[] ends = new int[2];
    check(C.pipe2(ends, flags), "pipe2", "");
    return ends;
  }

  @Override
  public int memfdCreate(String name, int flags) {
    return check(C.memfd_create(z(name), flags), "memfd_create", name);
  }

  @Override
  public OptionalInt linkIndex(String name) {
    int index = C.if_nametoindex(z(name));
    return index == 0 ? OptionalInt.empty() : OptionalInt.of(index);
  }

  @Override
  public void seal(int memfd) {
    check(C.fcntl(memfd, Linux.F_ADD_SEALS, Linux.ALL_SEALS), "fcntl(F_ADD_SEALS)", "fd " + memfd);
  }

  @Override
  public int duplicate(int fd, int least) {
    return check(C.fcntl(fd, Linux.F_DUPFD_CLOEXEC, least), "fcntl(F_DUPFD)", "fd " + fd);
  }

  @Override
  public void fchown(int fd, int uid, int gid) {
    check(C.fchown(fd, uid, gid), "fchown", "fd " + fd);
  }

  @Override
  public int spawn(String path, List<String> argv, int[] fds) {
    try (Memory actions = new Memory(128);
        Memory pid = new Memory(8);
        Memory arguments = new Memory(8L * (argv.size() + 1));
        Memory environment = new Memory(8)) {
      List<Memory> strings = argv.stream().map(JnaSyscalls::string).toList();
      for (int i = 0; i < strings.size(); i++) {
        arguments.setPointer(8L * i, strings.get(i));
      }
      arguments.setPointer(8L * strings.size(), null);
      environment.setPointer(0, null);
      C.posix_spawn_file_actions_init(actions);
      for (int i = 0; i < fds.length; i++) {
        if (fds[i] >= 0) {
          C.posix_spawn_file_actions_adddup2(actions, fds[i], i);
        }
      }
      int errno = C.posix_spawn(pid, z(path), actions, spawnAttributes, arguments, environment);
      C.posix_spawn_file_actions_destroy(actions);
      strings.forEach(Memory::close);
      if (errno != 0) {
        throw new ErrnoException("posix_spawn", path, errno);
      }
      return pid.getInt(0);
    }
  }

  private static Memory string(String s) {
    byte[] bytes = z(s);
    Memory memory = new Memory(bytes.length);
    memory.write(0, bytes, 0, bytes.length);
    return memory;
  }

  @Override
  public OptionalInt waitFor(int pid, boolean block) {
    int[] status = new int[1];
    int r = C.waitpid(pid, status, block ? 0 : 1);
    return r == pid ? OptionalInt.of(status[0]) : OptionalInt.empty();
  }

  @Override
  public void kill(int pid, int signal) {
    check(C.kill(pid, signal), "kill", pid + " with signal " + signal);
  }

  @Override
  public int pidfdOpen(int pid) {
    return (int) check(C.syscall(SYS_PIDFD_OPEN, pid, 0, 0, 0, 0, 0), "pidfd_open", "pid " + pid);
  }

  @Override
  public int copyOf(int pidfd, int number) {
    long fd = C.syscall(SYS_PIDFD_GETFD, pidfd, number, 0, 0, 0, 0);
    return (int) check(fd, "pidfd_getfd", "fd " + number);
  }

  @Override
  public void unshare(int flags) {
    check(C.unshare(flags), "unshare", Integer.toHexString(flags));
  }

  @Override
  public void setns(int fd, int type) {
    check(C.setns(fd, type), "setns", "fd " + fd);
  }

  @Override
  public void mount(String source, String target, String type, long flags, String data) {
    check(C.mount(z(source), z(target), z(type), flags, z(data)), "mount", type + " on " + target);
  }

  @Override
  public void unmount(String target, int flags) {
    check(C.umount2(z(target), flags), "umount", target);
  }

  @Override
  public void mkdirat(int dir, String name, int mode) {
    check(C.mkdirat(dir, z(name), mode), "mkdir", name);
  }

  @Override
  public void symlinkat(String target, int dir, String name) {
    check(C.symlinkat(z(target), dir, z(name)), "symlink", name);
  }

  @Override
  public void linkat(int fromDir, String from, int toDir, String to) {
    check(C.linkat(fromDir, z(from), toDir, z(to), 0), "link", to + " to " + from);
  }

  @Override
  public void mknodat(int dir, String name, int mode, long device) {
    check(C.mknodat(dir, z(name), mode, device), "mknod", name);
  }

  @Override
  public void unlinkat(int dir, String name, int flags) {
    check(C.unlinkat(dir, z(name), flags), "unlink", name);
  }

  @Override
  public void renameat(int fromDir, String from, int toDir, String to) {
    check(C.renameat(fromDir, z(from), toDir, z(to)), "rename", from + " to " + to);
  }

  @Override
  public void fchownat(int dir, String name, int uid, int gid) {
    check(C.fchownat(dir, z(name), uid, gid, Linux.AT_SYMLINK_NOFOLLOW), "chown", name);
  }

  @Override
  public void fchmodat(int dir, String name, int mode) {
    check(C.fchmodat(dir, z(name), mode, 0), "chmod", name);
  }

  @Override
  public void utimensat(int dir, String name, long seconds, long nanos) {
    check(
        C.utimensat(
            dir, z(name), new long[] {seconds, nanos, seconds, nanos}, Linux.AT_SYMLINK_NOFOLLOW),
        "utimens",
        name);
  }

  @Override
  public void lsetxattr(String path, String name, byte[] value) {
    check(C.lsetxattr(z(path), z(name), value, value.length, 0), "setxattr", name + " on " + path);
  }

  @Override
  public Map<String, byte[]> lgetxattrs(String path) {
    byte[] list = new byte[65536];
    int n = (int) C.llistxattr(z(path), list, list.length);
    Map<String, byte[]> found = new LinkedHashMap<>();
    for (int start = 0, i = 0; i < n; i++) {
      if (list[i] == 0) {
        String name = new String(list, start, i - start, StandardCharsets.UTF_8);
        found.put(name, getxattr(path, name));
        start = i + 1;
      }
    }
    return found;
  }

  private static byte[] getxattr(String path, String name) {
    byte[] value = new byte[65536];
    int n =
        (int)
            check(
                C.lgetxattr(z(path), z(name), value, value.length),
                "getxattr",
                name + " of " + path);
    return Arrays.copyOf(value, n);
  }

  @Override
  public Optional<Stat> lstatat(int dir, String name) {
    byte[] raw = new byte[144];
    int flags = name.isEmpty() ? Linux.AT_EMPTY_PATH : Linux.AT_SYMLINK_NOFOLLOW;
    if (C.fstatat(dir, z(name), raw, flags) < 0) {
      if (Native.getLastError() == Errno.ENOENT.number()) {
        return Optional.empty();
      }
      throw new ErrnoException("stat", name, Native.getLastError());
    }
    java.nio.ByteBuffer b = java.nio.ByteBuffer.wrap(raw).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    return Optional.of(
        new Stat(
            b.getInt(24),
            b.getInt(28),
            b.getInt(32),
            b.getLong(48),
            b.getLong(0),
            b.getLong(8),
            b.getLong(16),
            b.getLong(40),
            b.getLong(88),
            b.getLong(64)));
  }

  @Override
  public String readlinkat(int dir, String name) {
    byte[] into = new byte[4096];
    int n = (int) check(C.readlinkat(dir, z(name), into, into.length), "readlink", name);
    return new String(into, 0, n, StandardCharsets.UTF_8);
  }

  @Override
  public int socket(int domain, int type, int protocol) {
    return check(C.socket(domain, type, protocol), "socket", "domain " + domain);
  }

  @Override
  public void send(int fd, byte[] bytes, int length) {
    check(C.send(fd, bytes, length, 0), "send", "fd " + fd);
  }

  @Override
  public int recv(int fd, byte[] into) {
    return (int) check(C.recv(fd, into, into.length, 0), "recv", "fd " + fd);
  }

  @Override
  public Limit getrlimit(int resource) {
    long[] limit = new long[2];
    check(C.getrlimit(resource, limit), "getrlimit", "resource " + resource);
    return new Limit(limit[0], limit[1]);
  }

  @Override
  public int epollCreate() {
    return check(C.epoll_create1(Linux.O_CLOEXEC), "epoll_create1", "");
  }

  @Override
  public void epollAdd(int epoll, int fd, long tag) {
    epollAdd(epoll, fd, tag, Linux.EPOLLIN);
  }

  @Override
  public void epollAddWriting(int epoll, int fd, long tag) {
    epollAdd(epoll, fd, tag, Linux.EPOLLOUT);
  }

  @Override
  public void epollRemove(int epoll, int fd) {
    try (Memory event = new Memory(12)) {
      check(C.epoll_ctl(epoll, 2, fd, event), "epoll_ctl", "fd " + fd);
    }
  }

  private static void epollAdd(int epoll, int fd, long tag, int events) {
    try (Memory event = new Memory(12)) {
      event.setInt(0, events);
      event.setLong(4, tag);
      check(C.epoll_ctl(epoll, 1, fd, event), "epoll_ctl", "fd " + fd);
    }
  }

  @Override
  public List<Long> epollWait(int epoll, int timeoutMillis) {
    try (Memory events = new Memory(12 * 64)) {
      int n = C.epoll_wait(epoll, events, 64, timeoutMillis);
      List<Long> tags = new ArrayList<>();
      for (int i = 0; i < n; i++) {
        tags.add(events.getLong(12L * i + 4));
      }
      return tags;
    }
  }

  @Override
  public void syncfs(int fd) {
    check(C.syncfs(fd), "syncfs", "fd " + fd);
  }
}
