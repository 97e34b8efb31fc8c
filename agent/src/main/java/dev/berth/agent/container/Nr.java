package dev.berth.agent.container;

/// Call numbers of x86-64 for compiled lists: the one table that another machine replaces. Only
/// forms that aarch64 has too.
final class Nr {
  private Nr() {}

  static final int WRITE = 1;
  static final int CLOSE = 3;
  static final int SIGPROCMASK = 14;
  static final int SIGACTION = 13;
  static final int IOCTL = 16;
  static final int SOCKET = 41;
  static final int EXECVE = 59;
  static final int FCNTL = 72;
  static final int CHDIR = 80;
  static final int FCHOWN = 93;
  static final int UMASK = 95;
  static final int SETUID = 105;
  static final int SETGID = 106;
  static final int SETSID = 112;
  static final int SETGROUPS = 116;
  static final int CAPSET = 126;
  static final int PIVOT_ROOT = 155;
  static final int PRCTL = 157;
  static final int MOUNT = 165;
  static final int UMOUNT2 = 166;
  static final int SETHOSTNAME = 170;
  static final int KEYCTL = 250;
  static final int OPENAT = 257;
  static final int MKDIRAT = 258;
  static final int MKNODAT = 259;
  static final int SYMLINKAT = 266;
  static final int UNSHARE = 272;
  static final int DUP3 = 292;
  static final int PRLIMIT = 302;
  static final int SETNS = 308;
  static final int SECCOMP = 317;
  static final int MOVE_MOUNT = 429;
  static final int FSOPEN = 430;
  static final int FSCONFIG = 431;
  static final int FSMOUNT = 432;
  static final int CLOSE_RANGE = 436;
  static final int OPENAT2 = 437;
}
