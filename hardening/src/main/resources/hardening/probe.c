/* Tries to get out of a container. Static, so that `FROM scratch` is enough.
 *
 *   probe attempt           every attempt, each in a process of its own
 *   probe attempt CONTROL   only those whose control is named so (one letter, see the table below)
 *
 *   probe WORD ...          what needs more than one process, see `alone`
 *
 * One line for each: NUMBER|NAME|VERDICT|DETAIL|CONTROL, then "END". A verdict is `denied` (with the
 * error), `contained` (it went through and reached nothing outside) or `ESCAPED`. An error that only
 * comes after the kernel has let the caller in (EINVAL, EFAULT, EBADF...) counts as ESCAPED.
 * Every attempt is harmless where it succeeds: values are written back as they were, calls that stop
 * a machine are made with arguments that the kernel refuses after it has checked the right to call.
 *
 * Variables: VICTIM (a pid of the host), SUID (a set-user-id copy of this file), HOSTS (addresses of
 * the host, comma-separated). */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define DEFAULT_CAPABILITIES 0x00000000a80405fbULL /* Docker's list without NET_RAW */

static int out; /* where the child says what it found */

__attribute__((noreturn, format(printf, 2, 3))) static void say(const char *verdict, const char *format, ...) {
  char text[512];
  int n = snprintf(text, sizeof text, "%s|", verdict);
  va_list arguments;
  va_start(arguments, format);
  n += vsnprintf(text + n, sizeof text - n, format, arguments);
  va_end(arguments);
  if (write(out, text, n < (int)sizeof text ? n : (int)sizeof text - 1) < 0) _exit(2);
  _exit(0);
}

static int refusal(int e) {
  return e == EPERM || e == EACCES || e == ENOSYS || e == EROFS || e == ENOENT || e == ESRCH ||
         e == ENXIO || e == ENODEV || e == EAFNOSUPPORT || e == EPROTONOSUPPORT || e == ECONNREFUSED ||
         e == ENETUNREACH || e == EHOSTUNREACH || e == ENOTDIR;
}

/* The usual end: a call either failed with a refusal, or it reached the kernel's code behind it. */
__attribute__((noreturn)) static void judge(long result) {
  if (result >= 0) say("ESCAPED", "succeeded");
  if (refusal(errno)) say("denied", "%s", strerrorname_np(errno));
  say("ESCAPED", "let in, then %s", strerrorname_np(errno));
}

static pid_t victim(void) { return getenv("VICTIM") ? atoi(getenv("VICTIM")) : 999999; }

/* --- files and procfs --- */

static void read_masked(const char *path) {
  char text[256];
  int fd = open(path, O_RDONLY);
  if (fd < 0) judge(-1);
  ssize_t n = read(fd, text, sizeof text);
  if (n < 0) judge(-1);
  if (n == 0) say("contained", "empty");
  say("ESCAPED", "read %zd bytes of %s", n, path);
}

static void read_kcore(void) { read_masked("/proc/kcore"); }
static void read_keys(void) { read_masked("/proc/keys"); }
static void read_timers(void) { read_masked("/proc/timer_list"); }
static void read_sched_debug(void) { read_masked("/proc/sched_debug"); }

static void open_for_writing(const char *path) { judge(open(path, O_WRONLY)); }

static void rewrite(const char *path) {
  char text[512];
  int fd = open(path, O_RDONLY);
  if (fd < 0) judge(-1);
  ssize_t n = read(fd, text, sizeof text);
  close(fd);
  if (n < 0 || (fd = open(path, O_WRONLY)) < 0) judge(-1);
  judge(write(fd, text, n));
}

static void sysrq(void) { open_for_writing("/proc/sysrq-trigger"); }
static void core_pattern(void) { rewrite("/proc/sys/kernel/core_pattern"); }
static void modprobe(void) {
  const char *path[] = {"/proc/sys/kernel/modprobe", "/proc/sys/kernel/hotplug", "/proc/sys/kernel/poweroff_cmd"};
  for (int i = 0; i < 3; i++)
    if (access(path[i], F_OK) == 0) rewrite(path[i]);
  judge(-1);
}
static void vm_sysctl(void) { rewrite("/proc/sys/vm/overcommit_memory"); }
static void irq(void) { rewrite("/proc/irq/default_smp_affinity"); }

static const char *scratch(void) {
  const char *base[] = {"/tmp", "/dev/shm", "/"};
  static char dir[64];
  for (int i = 0; i < 3; i++) {
    snprintf(dir, sizeof dir, "%s/probe-XXXXXX", base[i]);
    if (mkdtemp(dir)) return dir;
  }
  say("denied", "no directory to work in: %s", strerrorname_np(errno));
}

static const char *in(const char *dir, const char *name) {
  static char path[256];
  snprintf(path, sizeof path, "%s/%s", dir, name);
  return path;
}

static void binfmt(void) {
  const char *dir = scratch();
  if (mount("binfmt_misc", dir, "binfmt_misc", 0, 0)) judge(-1);
  open_for_writing(in(dir, "register"));
}

static int entries(const char *path) {
  DIR *dir = opendir(path);
  int n = 0;
  if (!dir) return -1;
  for (struct dirent *e; (e = readdir(dir));) n += e->d_name[0] != '.';
  closedir(dir);
  return n;
}

static void firmware(void) {
  const char *path[] = {"/sys/firmware", "/sys/kernel/security", "/sys/kernel/debug", "/sys/kernel/tracing"};
  for (int i = 0; i < 4; i++)
    if (entries(path[i]) > 0) say("ESCAPED", "%s lists %d entries", path[i], entries(path[i]));
  say("contained", "empty or absent");
}

static const char *limit_file(void) {
  const char *there[] = {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"};
  for (int i = 0; i < 2; i++)
    if (access(there[i], F_OK) == 0) return there[i];
  const char *dir = scratch();
  if (mount("cgroup", dir, "cgroup", 0, "memory") == 0) return in(dir, "memory.limit_in_bytes");
  if (mount("cgroup2", dir, "cgroup2", 0, 0)) judge(-1);
  return in(dir, "memory.max");
}

static void own_limit(void) { open_for_writing(limit_file()); }

static void release_agent(void) {
  const char *dir = scratch();
  if (mount("cgroup", dir, "cgroup", 0, "pids")) judge(-1);
  open_for_writing(in(dir, "release_agent"));
}

static void mount_proc(void) { judge(mount("proc", scratch(), "proc", 0, 0)); }
static void mount_bind(void) { judge(mount("/", scratch(), 0, MS_BIND, 0)); }
static void mount_fsopen(void) { judge(syscall(SYS_fsopen, "tmpfs", 0)); }
static void mount_open_tree(void) { judge(syscall(SYS_open_tree, AT_FDCWD, "/", 1 /* OPEN_TREE_CLONE */)); }
static void unmask(void) { judge(umount2("/proc/keys", MNT_DETACH)); }
static void remount(void) { judge(mount(0, "/proc/sys", 0, MS_BIND | MS_REMOUNT, 0)); }

static void other_root(void) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/root/", victim());
  judge(open(path, O_RDONLY | O_DIRECTORY));
}

static void inherited(void) {
  struct stat mine, there;
  char link[64];
  if (stat("/", &mine)) judge(-1);
  for (int fd = 3; fd < 256; fd++) {
    if (fd == out || fstat(fd, &there)) continue;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    if (S_ISDIR(there.st_mode) && chdir(link) == 0) say("ESCAPED", "descriptor %d is a directory", fd);
  }
  say("contained", "no directory is open");
}

static void block_device(void) {
  const char *path = in(scratch(), "disk");
  if (mknod(path, S_IFBLK | 0600, makedev(7, 0) /* loop0: every machine knows it */)) judge(-1);
  judge(open(path, O_RDONLY));
}
static void char_device(void) {
  const char *path = in(scratch(), "kmsg");
  if (mknodat(AT_FDCWD, path, S_IFCHR | 0600, makedev(1, 11))) judge(-1);
  judge(open(path, O_RDONLY));
}
static void host_devices(void) {
  const char *path[] = {"/dev/mem", "/dev/kmsg", "/dev/fuse", "/dev/kvm", "/dev/vda", "/dev/sda", "/dev/loop-control"};
  for (int i = 0; i < 7; i++)
    if (open(path[i], O_RDONLY) >= 0) say("ESCAPED", "opened %s", path[i]);
  errno = ENOENT;
  judge(-1);
}

static void overlay(void) { judge(mount("overlay", scratch(), "overlay", 0, "lowerdir=/dev:/etc")); }

/* The kernel tells every container where its upper layer lies on the host. */
static void upper_directory(void) {
  char path[64], line[8192];
  for (int i = 0; i < 2; i++) {
    snprintf(path, sizeof path, i ? "/proc/self/mountinfo" : "/proc/%d/mountinfo", victim());
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file)) {
      char *at = strstr(line, "upperdir=");
      if (!at) continue;
      at += strlen("upperdir=");
      at[strcspn(at, ",\n")] = 0;
      judge(open(at, O_RDONLY | O_DIRECTORY));
    }
  }
  say("denied", "unknown");
}

static uint64_t capability_set(const char *name) {
  char line[256];
  unsigned long long value = ~0ULL;
  FILE *file = fopen("/proc/self/status", "r");
  while (file && fgets(line, sizeof line, file))
    if (!strncmp(line, name, strlen(name))) value = strtoull(line + strlen(name), 0, 16);
  if (file) fclose(file);
  return value;
}

static void setuid_binary(void) {
  char before[32], after[64] = "";
  snprintf(before, sizeof before, "%d %llx", geteuid(), (unsigned long long)capability_set("CapEff:"));
  int ends[2];
  if (pipe(ends)) judge(-1);
  const char *file = getenv("SUID") ? getenv("SUID") : "/suid";
  pid_t pid = fork();
  if (pid == 0) {
    dup2(ends[1], 1);
    execl(file, "suid", "rights", (char *)0);
    _exit(errno);
  }
  close(ends[1]);
  ssize_t n = read(ends[0], after, sizeof after - 1);
  int status = 0;
  waitpid(pid, &status, 0);
  if (n <= 0) { errno = WEXITSTATUS(status); judge(-1); }
  if (strcmp(before, after)) say("ESCAPED", "from %s to %s", before, after);
  say("contained", "runs with the rights that it had");
}

/* CVE-2014-3519 and its like: inode 2 is the root of an ext4 file system, whatever is mounted of it. */
static void shocker(void) {
  struct { unsigned bytes; int type; uint32_t inode, generation; } handle = {8, 1, 2, 0};
  int mounted = open("/etc/resolv.conf", O_RDONLY);
  if (mounted < 0) mounted = open("/", O_RDONLY);
  judge(syscall(SYS_open_by_handle_at, mounted, &handle, O_RDONLY));
}

/* --- capabilities and namespaces --- */

static void capabilities(void) {
  uint64_t bounding = capability_set("CapBnd:"), effective = capability_set("CapEff:");
  if (bounding & ~DEFAULT_CAPABILITIES) say("ESCAPED", "bounding set %llx", (unsigned long long)bounding);
  if (capability_set("CapInh:") || capability_set("CapAmb:")) say("ESCAPED", "inheritable or ambient set not empty");
  if (geteuid() && effective) say("ESCAPED", "a user has %llx", (unsigned long long)effective);
  say("contained", "effective %llx, inheritable and ambient empty", (unsigned long long)effective);
}

static void new_user(void) { judge(unshare(CLONE_NEWUSER)); }
static void new_mount(void) { judge(unshare(CLONE_NEWNS)); }
static void new_net(void) { judge(unshare(CLONE_NEWNET)); }
static void clone_user(void) {
  long pid = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);
  if (pid == 0) _exit(0);
  judge(pid);
}
static void join(void) { judge(setns(open("/proc/1/ns/net", O_RDONLY), 0)); }
static void clone3_user(void) {
  struct { uint64_t flags, pidfd, child, parent, signal, stack, size, tls; } how = {.flags = CLONE_NEWUSER, .signal = SIGCHLD};
  long pid = syscall(SYS_clone3, &how, sizeof how);
  if (pid == 0) _exit(0);
  judge(pid);
}
static void trace(void) {
  if (ptrace(PTRACE_ATTACH, victim(), 0, 0)) judge(-1);
  waitpid(victim(), 0, __WALL);
  judge(ptrace(PTRACE_DETACH, victim(), 0, 0));
}
static void read_memory(void) {
  char path[64], line[256], buffer[8];
  unsigned long start = 0x400000;
  snprintf(path, sizeof path, "/proc/%d/maps", victim());
  FILE *maps = fopen(path, "r");
  if (maps && fgets(line, sizeof line, maps)) start = strtoul(line, 0, 16);
  struct iovec here = {buffer, sizeof buffer}, there = {(void *)start, sizeof buffer};
  judge(process_vm_readv(victim(), &here, 1, &there, 1, 0));
}
static void kill_host(void) { judge(kill(victim(), 0)); }

static void chroot_escape(void) {
  struct stat before, after;
  const char *dir = scratch();
  if (stat("/", &before)) judge(-1);
  if (chroot(dir)) judge(-1);
  for (int i = 0; i < 64; i++)
    if (chdir("..")) judge(-1);
  if (chroot(".") || stat("/", &after)) judge(-1);
  if (before.st_dev != after.st_dev || before.st_ino != after.st_ino) say("ESCAPED", "another root");
  say("contained", "the same root again");
}

static void pivot(void) {
  const char *dir = scratch();
  unshare(CLONE_NEWNS);
  mount("tmpfs", dir, "tmpfs", 0, 0);
  if (chdir(dir)) judge(-1);
  judge(syscall(SYS_pivot_root, ".", "."));
}
static void no_aslr(void) { judge(personality(ADDR_NO_RANDOMIZE)); }
static void set_time(void) { judge(syscall(SYS_settimeofday, 0, 0)); }
static void adjust_clock(void) {
  struct timex now = {0};
  if (adjtimex(&now) < 0) judge(-1);
  now.modes = ADJ_TICK;
  judge(syscall(SYS_clock_adjtime, 0 /* CLOCK_REALTIME */, &now));
}
static void restart(void) { judge(syscall(SYS_reboot, 1, 2, 3, 0)); }
static void kexec(void) { judge(syscall(SYS_kexec_load, 0, 1UL << 30, 0, 0)); }
static void load_module(void) { judge(syscall(SYS_init_module, 0, 0, "")); }
static void load_module_file(void) { judge(syscall(SYS_finit_module, -1, "", 0)); }
static void swap(void) { judge(swapon("/dev/null", 0)); }
static void accounting(void) { judge(acct(0)); }
static void quota(void) { judge(syscall(SYS_quotactl, 0x800001 << 8, 0, 0, 0)); }
static void dcookie(void) { judge(syscall(SYS_lookup_dcookie, 0, 0, 0)); }
static void nfs(void) { judge(syscall(SYS_nfsservctl, 0, 0, 0)); }
static void bpf_map(void) {
  union bpf_attr map = {.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1};
  judge(syscall(SYS_bpf, BPF_MAP_CREATE, &map, sizeof map));
}
static void perf(void) {
  struct perf_event_attr event = {.type = PERF_TYPE_SOFTWARE, .size = sizeof event, .config = PERF_COUNT_SW_CPU_CLOCK};
  judge(syscall(SYS_perf_event_open, &event, 0, -1, -1, 0));
}
static void add_key(void) { judge(syscall(SYS_add_key, "user", "berth-probe", "x", 1, -2 /* the process's own */)); }
static void keyctl(void) { judge(syscall(SYS_keyctl, 0, -4 /* the user's */, 0)); }
static void request_key(void) { judge(syscall(SYS_request_key, "user", "berth-probe-none", 0, 0) < 0 && errno == ENOKEY ? 0 : -1); }
static void userfault(void) { judge(syscall(SYS_userfaultfd, 0)); }
static void uring(void) {
  char parameters[120] = {0};
  judge(syscall(SYS_io_uring_setup, 1, parameters));
}

static int terminal(void) {
  int master = open("/dev/ptmx", O_RDWR | O_NOCTTY);
  if (master < 0 || unlockpt(master)) judge(-1);
  setsid();
  int slave = open(ptsname(master), O_RDWR);
  if (slave < 0) judge(-1);
  return slave;
}
static void type_ahead(void) { judge(ioctl(terminal(), TIOCSTI, "x")); }
static void type_ahead_wide(void) { judge(syscall(SYS_ioctl, terminal(), 0xffffffff00000000UL | TIOCSTI, "x")); }
static void console_paste(void) { char paste = 3; judge(ioctl(terminal(), TIOCLINUX, &paste)); }
static void host_terminal(void) { judge(open("/dev/tty", O_RDWR)); }

static void packet_socket(void) { judge(socket(AF_PACKET, SOCK_RAW, htons(3))); }
static void raw_socket(void) { judge(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP)); }
static void vsock(void) { judge(socket(AF_VSOCK, SOCK_STREAM, 0)); }
static void alg(void) { judge(socket(AF_ALG, SOCK_SEQPACKET, 0)); }
static void key_socket(void) { judge(socket(AF_KEY, SOCK_RAW, 2)); }
static void netfilter(void) { judge(socket(AF_NETLINK, SOCK_RAW, 12)); }
static void x32(void) { judge(syscall(0x40000000 | SYS_getpid)); }
static void i386(void) {
  long result;
  __asm__ volatile("int $0x80" : "=a"(result) : "a"(20L /* getpid there */) : "memory", "r8", "r9", "r10", "r11");
  if (result < 0) errno = (int)-result;
  judge(result < 0 ? -1 : 0);
}

/* --- network --- */

static void foreign_address(void) {
  int fd = socket(AF_INET, SOCK_DGRAM, 0), one = 1;
  judge(setsockopt(fd, SOL_IP, 19 /* IP_TRANSPARENT */, &one, sizeof one));
}

static int reaches(const char *ip, int port) {
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
  struct timeval patience = {.tv_usec = 300000};
  inet_pton(AF_INET, ip, &to.sin_addr);
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  int r = connect(fd, (struct sockaddr *)&to, sizeof to);
  close(fd);
  return r == 0;
}

static void host_ports(void) {
  int port[] = {22, 80, 443, 2379, 6443, 8080, 10250};
  char hosts[256];
  snprintf(hosts, sizeof hosts, "127.0.0.1,169.254.169.254,%s", getenv("HOSTS") ? getenv("HOSTS") : "");
  for (char *ip = strtok(hosts, ","); ip; ip = strtok(0, ","))
    for (unsigned i = 0; i < sizeof port / sizeof *port; i++)
      if (reaches(ip, port[i])) say("ESCAPED", "connected to %s:%d", ip, port[i]);
  errno = ECONNREFUSED;
  judge(-1);
}

static struct sockaddr_un abstract_name(void) {
  struct sockaddr_un name = {.sun_family = AF_UNIX};
  strcpy(name.sun_path + 1, "berth-probe");
  return name;
}
static const socklen_t abstract_size = offsetof(struct sockaddr_un, sun_path) + 1 + sizeof "berth-probe" - 1;

static void abstract(void) {
  struct sockaddr_un name = abstract_name();
  judge(connect(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&name, abstract_size));
}

/* The control is the weakest change that lets the attempt succeed: `b` a container with all
 * capabilities, no filter, no masks; `m` the same with masks; `h` root on the host; `c` root in a plain
 * chroot; `u` a user on the host without no_new_privs. */
static const struct attempt { const char *number, *name; void (*run)(void); char control; } attempts[] = {
  {"1", "read /proc/kcore", read_kcore, 'b'},
  {"2", "read /proc/keys", read_keys, 'b'},
  {"3a", "read /proc/timer_list", read_timers, 'b'},
  {"3b", "read /proc/sched_debug", read_sched_debug, 'b'},
  {"4", "open /proc/sysrq-trigger for writing", sysrq, 'b'},
  {"5", "write /proc/sys/kernel/core_pattern", core_pattern, 'b'},
  {"6", "write the path of the kernel's helper programs", modprobe, 'b'},
  {"7a", "write /proc/sys/vm", vm_sysctl, 'b'},
  {"7b", "register a binary format", binfmt, 'b'},
  {"8", "write /proc/irq", irq, 'b'},
  {"9", "list /sys/firmware, security, debug, tracing", firmware, 'b'},
  {"10", "write the limit of the own control group", own_limit, 'b'},
  {"11", "open a control group's release_agent", release_agent, 'h'},
  {"12a", "mount procfs", mount_proc, 'b'},
  {"12b", "bind-mount /", mount_bind, 'b'},
  {"12c", "fsopen", mount_fsopen, 'b'},
  {"12d", "open_tree", mount_open_tree, 'b'},
  {"13", "unmount a mask", unmask, 'm'},
  {"14", "remount /proc/sys writable", remount, 'm'},
  {"15", "open the root of another pod's process", other_root, 'h'},
  {"16", "chdir to an inherited descriptor", inherited, 'h'},
  {"23a", "mknod of a block device, then open", block_device, 'b'},
  {"23b", "mknodat of a character device, then open", char_device, 'b'},
  {"24", "open /dev/mem, kmsg, fuse, kvm, disks", host_devices, 'h'},
  {"25a", "mount an overlay over other layers", overlay, 'b'},
  {"25b", "open the upper directory that mountinfo names", upper_directory, 'h'},
  {"26", "gain rights by a set-user-id file", setuid_binary, 'u'},
  {"28", "open_by_handle_at of the file system's root", shocker, 'b'},
  {"29", "capability sets beyond the default", capabilities, 'b'},
  {"30a", "unshare a user namespace", new_user, 'b'},
  {"30b", "unshare a mount namespace", new_mount, 'b'},
  {"30c", "unshare a network namespace", new_net, 'b'},
  {"30d", "clone into a user namespace", clone_user, 'b'},
  {"31", "setns to a namespace of process 1", join, 'b'},
  {"32", "clone3 into a user namespace", clone3_user, 'b'},
  {"33", "ptrace a process of the host", trace, 'h'},
  {"34", "process_vm_readv of a process of the host", read_memory, 'h'},
  {"35", "signal a process of the host", kill_host, 'h'},
  {"36", "leave a chroot by ..", chroot_escape, 'c'},
  {"37", "pivot_root", pivot, 'b'},
  {"38", "turn off address randomisation", no_aslr, 'b'},
  {"39a", "settimeofday", set_time, 'b'},
  {"39b", "clock_adjtime", adjust_clock, 'b'},
  {"40a", "reboot", restart, 'b'},
  {"40b", "kexec_load", kexec, 'b'},
  {"40c", "init_module", load_module, 'b'},
  {"40d", "finit_module", load_module_file, 'b'},
  {"40e", "swapon", swap, 'b'},
  {"41a", "acct", accounting, 'b'},
  {"41b", "quotactl", quota, 'b'},
  {"41c", "lookup_dcookie", dcookie, 'b'},
  {"41d", "nfsservctl", nfs, 'b'},
  {"42a", "bpf", bpf_map, 'b'},
  {"42b", "perf_event_open", perf, 'b'},
  {"43a", "add_key", add_key, 'b'},
  {"43b", "keyctl", keyctl, 'b'},
  {"43c", "request_key", request_key, 'b'},
  {"44", "userfaultfd", userfault, 'b'},
  {"45", "io_uring_setup", uring, 'b'},
  {"46a", "TIOCSTI", type_ahead, 'b'},
  {"46b", "TIOCSTI with high bits set", type_ahead_wide, 'b'},
  {"46c", "TIOCLINUX", console_paste, 'b'},
  {"46d", "open the host's terminal", host_terminal, 't'},
  {"47a", "AF_PACKET socket", packet_socket, 'b'},
  {"47b", "raw ICMP socket", raw_socket, 'b'},
  {"48a", "AF_VSOCK socket", vsock, 'b'},
  {"48b", "AF_ALG socket", alg, 'b'},
  {"48c", "AF_KEY socket", key_socket, 'b'},
  {"48d", "NETLINK_NETFILTER socket", netfilter, 'b'},
  {"49a", "x32 system call", x32, 'b'},
  {"49b", "i386 system call", i386, 'b'},
  {"50", "send from a foreign address", foreign_address, 'b'},
  {"51", "connect to the host's ports and the metadata address", host_ports, 'h'},
  {"52", "connect to an abstract socket of the host", abstract, 'h'},
};

static void attempt(const struct attempt *a) {
  int ends[2], status = 0;
  char text[512];
  if (pipe(ends)) _exit(2);
  pid_t pid = fork();
  if (pid == 0) {
    out = ends[1];
    close(ends[0]);
    alarm(10);
    a->run();
    say("ESCAPED", "no verdict");
  }
  close(ends[1]);
  ssize_t n = read(ends[0], text, sizeof text - 1);
  close(ends[0]);
  waitpid(pid, &status, 0);
  if (n <= 0)
    n = snprintf(text, sizeof text, WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS ? "denied|killed by SIGSYS" : "broken|status %d", status);
  text[n] = 0;
  printf("%s|%s|%s|%c\n", a->number, a->name, text, a->control);
  fflush(stdout);
}

static void listen_abstract(void) {
  struct sockaddr_un name = abstract_name();
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  if (bind(fd, (struct sockaddr *)&name, abstract_size) || listen(fd, 8)) _exit(1);
  printf("listening\n");
  fflush(stdout);
  for (;;) pause();
}

/* The kernel says of a working directory outside of the root that it is unreachable. */
static void where(const char *weak) {
  char path[4096];
  int outside = open("/", O_RDONLY | O_DIRECTORY);
  if (weak && (chroot(weak) || fchdir(outside))) _exit(1);
  if (syscall(SYS_getcwd, path, sizeof path) < 0) strcpy(path, "nowhere");
  printf("%s %s\nEND\n", path[0] == '/' ? "inside" : "ESCAPED", path);
}

/* --- more than one process: run as first words of their own --- */

/* Waits for who enters this container, and writes to the file that it runs: CVE-2019-5736. The new
 * process has one of the next numbers. What it runs is held by a descriptor until it has ended, since a
 * running file cannot be written; the byte that is written is the one that was there. */
static void overwrite(int held, pid_t pid) {
  char path[64];
  snprintf(path, sizeof path, "/proc/self/fd/%d", held);
  int fd = -1;
  for (int tries = 0; tries < 2000 && (fd = open(path, O_WRONLY)) < 0 && errno == ETXTBSY; tries++) usleep(500);
  if (fd >= 0 && pwrite(fd, "\177", 1, 0) == 1) printf("ESCAPED: wrote to the file of process %d\n", pid);
  else printf("contained: caught process %d, then %s\n", pid, strerrorname_np(errno));
  close(fd);
}

static void hunt(void) {
  struct stat mine, there;
  char path[64];
  if (stat("/proc/self/exe", &mine)) _exit(1);
  printf("hunting\n");
  for (pid_t last = getpid() + 1;;)
    for (pid_t pid = last; pid < last + 8; pid++) {
      fflush(stdout);
      snprintf(path, sizeof path, "/proc/%d/exe", pid);
      int held = open(path, O_PATH);
      if (held < 0 && errno == ENOENT) continue;
      last = pid;
      if (held >= 0 && fstat(held, &there) == 0 && (there.st_ino != mine.st_ino || there.st_dev != mine.st_dev))
        overwrite(held, pid);
      close(held);
    }
}

/* How not to enter a container: by a file that can be written, dumpable, and with no more rights than
 * those inside have, since who has more is out of their reach. */
static void enter(const char *pid, char **command) {
  struct { uint32_t version; int pid; } head = {0x20080522, 0};
  uint32_t low = (uint32_t)DEFAULT_CAPABILITIES, sets[6] = {low, low, 0, 0, 0, 0};
  int target = (int)syscall(SYS_pidfd_open, atoi(pid), 0);
  if (setns(target, CLONE_NEWPID | CLONE_NEWNS)) _exit(1);
  if (fork() == 0) {
    for (int i = 0; i < 64; i++) prctl(PR_CAPBSET_DROP, i < 32 && low >> i & 1 ? 99 : i);
    if (syscall(SYS_capset, &head, sets)) _exit(1);
    execv(command[0], command);
    _exit(126);
  }
  wait(0);
}

/* What masks hide: nothing of it may be there, and least of all a file of the host in place of a mask.
 * Fails when there is, so that a build fails and shows it. */
static void peek(void) {
  const char *path[] = {"/proc/interrupts", "/proc/keys", "/proc/timer_list", "/proc/latency_stats", "/proc/kcore", "/proc/sched_debug"};
  char text[41];
  int found = 0;
  for (unsigned i = 0; i < sizeof path / sizeof *path; i++) {
    int fd = open(path[i], O_RDONLY);
    ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
    text[n > 0 ? n : 0] = 0;
    if (n > 0) found = printf("ESCAPED: %s holds %s\n", path[i], text);
    if ((fd = open(path[i], O_WRONLY)) >= 0 && !strncmp(text, "secret", 6) && pwrite(fd, "S", 1, 0) == 1)
      printf("ESCAPED: wrote to it\n");
  }
  exit(found ? 1 : 0);
}

static void plant(const char *victim) {
  unlink("/dev/null");
  if (symlink(victim, "/dev/null")) printf("cannot plant: %s\n", strerrorname_np(errno));
}

static struct sockaddr_in address_of(const char *ip, const char *port) {
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(atoi(port))};
  inet_pton(AF_INET, ip, &a.sin_addr);
  return a;
}

/* One datagram under a source address that may be another's. */
static void send_from(const char *source, const char *to, const char *port) {
  struct sockaddr_in from = address_of(source, "0"), there = address_of(to, port);
  int fd = socket(AF_INET, SOCK_DGRAM, 0), one = 1;
  setsockopt(fd, SOL_IP, 19 /* IP_TRANSPARENT */, &one, sizeof one);
  if (bind(fd, (struct sockaddr *)&from, sizeof from) || sendto(fd, "x", 1, 0, (struct sockaddr *)&there, sizeof there) != 1)
    printf("cannot send: %s\n", strerrorname_np(errno));
}

static void receive(const char *port) {
  struct sockaddr_in here = address_of("0.0.0.0", port), from;
  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  if (bind(fd, (struct sockaddr *)&here, sizeof here)) _exit(1);
  printf("receiving\n");
  for (char text[16];;) {
    fflush(stdout);
    socklen_t size = sizeof from;
    if (recvfrom(fd, text, sizeof text, 0, (struct sockaddr *)&from, &size) > 0)
      printf("from %s\n", inet_ntop(AF_INET, &from.sin_addr, text, sizeof text));
  }
}

static void alone(int count, char **words) {
  if (!strcmp(words[1], "rights")) printf("%d %llx", geteuid(), (unsigned long long)capability_set("CapEff:"));
  if (!strcmp(words[1], "abstract")) listen_abstract();
  if (!strcmp(words[1], "where")) where(count > 2 ? words[2] : 0);
  if (!strcmp(words[1], "hunt")) hunt();
  if (!strcmp(words[1], "peek")) peek();
  if (!strcmp(words[1], "plant") && count > 2) plant(words[2]);
  if (!strcmp(words[1], "enter") && count > 3) enter(words[2], words + 3);
  if (!strcmp(words[1], "send") && count > 4) send_from(words[2], words[3], words[4]);
  if (!strcmp(words[1], "receive") && count > 2) receive(words[2]);
}

int main(int count, char **words) {
  if (count < 2) return 0;
  if (strcmp(words[1], "attempt")) {
    alone(count, words);
    return 0;
  }
  for (unsigned i = 0; i < sizeof attempts / sizeof *attempts; i++)
    if (count < 3 || strchr(words[2], attempts[i].control)) attempt(attempts + i);
  printf("END\n");
  return 0;
}
