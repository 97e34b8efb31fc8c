package dev.berth.agent.linux;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// The system calls that the agent itself makes, one method per call. What happens inside a
/// container is not here: that is a compiled list which `init` runs.
public interface Syscalls {
  int openat(int dir, String path, int flags, int mode);

  /// Resolves every component below `dir` as the flags say: the only way to open a path that an
  /// image could have shaped.
  int openat2(int dir, String path, int flags, int mode, long resolve);

  void close(int fd);

  /// Bytes read; 0 at the end, -1 when a non-blocking descriptor has nothing.
  int read(int fd, byte[] into);

  void write(int fd, byte[] from, int offset, int length);

  /// As much as there is room for, of a descriptor that does not block: bytes written, -1 for none.
  int writeSome(int fd, byte[] from, int offset, int length);

  /// From now on neither reads nor writes of it wait.
  void nonBlocking(int fd);

  /// A request with a number; what it answers.
  int ioctl(int fd, long request, long argument);

  /// A request with a structure, which it may fill.
  int ioctl(int fd, long request, byte[] argument);

  byte[] pread(int fd, int length, long offset);

  void pwrite(int fd, byte[] from, long offset);

  /// {read end, write end}
  int[] pipe(int flags);

  /// The number of this network namespace's link with that name.
  OptionalInt linkIndex(String name);

  int memfdCreate(String name, int flags);

  /// From now on nobody can change this file in memory, whoever opens it.
  void seal(int memfd);

  /// A copy of the descriptor numbered `least` or above, close-on-exec.
  int duplicate(int fd, int least);

  void fchown(int fd, int uid, int gid);

  /// Starts a program with empty signal mask and default signals; `fds[i]` becomes its descriptor
  /// i, -1 leaves i closed.
  int spawn(String path, List<String> argv, int[] fds);

  /// Reaps a child: its raw wait status, or empty while it runs (with `block` never) or when it is
  /// not our child.
  OptionalInt waitFor(int pid, boolean block);

  void kill(int pid, int signal);

  int pidfdOpen(int pid);

  /// A copy of another process's descriptor (pidfd_getfd, Linux 5.6); close-on-exec.
  int copyOf(int pidfd, int number);

  void unshare(int flags);

  void setns(int fd, int type);

  void mount(String source, String target, String type, long flags, String data);

  void unmount(String target, int flags);

  void mkdirat(int dir, String name, int mode);

  void symlinkat(String target, int dir, String name);

  void linkat(int fromDir, String from, int toDir, String to);

  void mknodat(int dir, String name, int mode, long device);

  void unlinkat(int dir, String name, int flags);

  void renameat(int fromDir, String from, int toDir, String to);

  void fchownat(int dir, String name, int uid, int gid);

  void fchmodat(int dir, String name, int mode);

  void utimensat(int dir, String name, long seconds, long nanos);

  /// Of the path itself, never of what a last symlink points to.
  void lsetxattr(String path, String name, byte[] value);

  Map<String, byte[]> lgetxattrs(String path);

  Optional<Stat> lstatat(int dir, String name);

  String readlinkat(int dir, String name);

  int socket(int domain, int type, int protocol);

  void send(int fd, byte[] bytes, int length);

  int recv(int fd, byte[] into);

  Limit getrlimit(int resource);

  int epollCreate();

  void epollAdd(int epoll, int fd, long tag);

  /// The same for room to write.
  void epollAddWriting(int epoll, int fd, long tag);

  void epollRemove(int epoll, int fd);

  /// The tags that are ready; empty on timeout or a signal.
  List<Long> epollWait(int epoll, int timeoutMillis);

  void syncfs(int fd);

  record Limit(long soft, long hard) {}

  record Stat(
      int mode,
      int uid,
      int gid,
      long size,
      long device,
      long inode,
      long links,
      long rdev,
      long mtimeSeconds,
      long blocks) {
    public int type() {
      return mode & Linux.S_IFMT;
    }
  }
}
