/* Runs a container's compiled list of system calls, then keeps the container.
 *
 * fd 3 is a memfd with a header, a list of operations and the bytes they point to; it is mapped at a fixed
 * address, so that pointers inside need no relocation. The first operations run in this process, the rest in
 * the child that it clones; the last one of those is execve. There is no policy here: the agent decided it all.
 * The parent stays as the keeper, outside the container's cgroup and namespaces: it appends what the container
 * writes to the log as CRI lines, waits, and writes the exit status to a file by rename. So logs and exit codes
 * survive the agent, also one that dies during the start: the keeper goes on when nobody reads its report, and
 * a child that never came to its command leaves no exit status. SIGHUP means: the log was rotated away, open it
 * anew. Of a container that is talked to the keeper also holds the input open (in_fd: the other end of its pipe,
 * or its terminal), so that this survives the agent too: whoever talks borrows a copy. SIGUSR1 means: hold it no
 * more, it ends with the last copy. What such a container writes is logged in the pieces in which it comes (P), so
 * that who follows the log sees a prompt before its line has an end.
 * No libc: 16 KB resident, nothing to load, nothing that reads files of an image. */
#include <stdint.h>
typedef uint64_t u64; typedef int64_t i64; typedef uint32_t u32; typedef int32_t i32; typedef uint8_t u8;

#if defined(__x86_64__)
enum { NR_read = 0, NR_write = 1, NR_close = 3, NR_lseek = 8, NR_mmap = 9, NR_sigprocmask = 14, NR_writev = 20, NR_getpid = 39,
       NR_wait4 = 61, NR_fcntl = 72, NR_ftruncate = 77, NR_clock_gettime = 228, NR_exit_group = 231, NR_openat = 257, NR_renameat = 264,
       NR_ppoll = 271, NR_fallocate = 285, NR_signalfd4 = 289, NR_clone3 = 435, NR_close_range = 436 };
static inline long call(long n, long a, long b, long c, long d, long e, long f) {
  register long r10 __asm__("r10") = d, r8 __asm__("r8") = e, r9 __asm__("r9") = f; long r;
  __asm__ volatile("syscall" : "=a"(r) : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9) : "rcx", "r11", "memory");
  return r;
}
__asm__(".globl _start\n_start: xor %ebp,%ebp\n and $-16,%rsp\n call run_all\n");
#elif defined(__aarch64__)
enum { NR_read = 63, NR_write = 64, NR_close = 57, NR_lseek = 62, NR_mmap = 222, NR_sigprocmask = 135, NR_writev = 66, NR_getpid = 172,
       NR_wait4 = 260, NR_fcntl = 25, NR_ftruncate = 46, NR_fallocate = 47, NR_clock_gettime = 113, NR_exit_group = 94, NR_openat = 56, NR_renameat = 38,
       NR_ppoll = 73, NR_signalfd4 = 74, NR_clone3 = 435, NR_close_range = 436 };
static inline long call(long n, long a, long b, long c, long d, long e, long f) {
  register long x8 __asm__("x8") = n, x0 __asm__("x0") = a, x1 __asm__("x1") = b, x2 __asm__("x2") = c,
                x3 __asm__("x3") = d, x4 __asm__("x4") = e, x5 __asm__("x5") = f;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
  return x0;
}
__asm__(".globl _start\n_start: mov x29, #0\n bl run_all\n");
#endif
#define CALL(n, a, b, c) call(n, (long)(a), (long)(b), (long)(c), 0, 0, 0)
#define BASE 0x20000000L
#define MAGIC 0x42455254
#define CLONE_PIDFD 0x1000
#define CLONE_INTO_CGROUP 0x200000000ULL
#define EINTR 4

/* dev.berth.agent.container.Program writes these two; sizes and offsets are asserted there. */
struct op { u32 nr; u8 flags, ignore, ignore2, out, kind[6], skip, pad; u64 arg[6]; };
struct header {
  u32 magic, keeper_ops, child_ops, op_offset; i32 cgroup_fd, state_fd, report_fd, out_fd, err_fd, in_fd;
  u64 clone_flags, log_path;
  volatile i64 child_pid, keeper_pid, failed_op, failed_errno;
};
_Static_assert(sizeof(struct op) == 64 && sizeof(struct header) == 88, "Program.java lays these out");
enum { IMMEDIATE, POINTER, REGISTER };
/* A pipe holds no more than REST bytes unless somebody with rights beyond a container's made it larger. */
enum { STREAMS = 2, LINE = 16384, REST = 1 << 20 };
static u64 reg[256];
static struct stream { i32 fd; u32 fill; char buf[LINE]; } stream[STREAMS];
static const char *const stream_name[STREAMS] = { " stdout ", " stderr " };

static int interpret(struct header *h, u32 from, u32 count) {
  struct op *ops = (struct op *)((char *)h + h->op_offset);
  for (u32 i = from; i < from + count; i++) {
    struct op *o = ops + i;
    long v[6];
    for (int k = 0; k < 6; k++)
      v[k] = o->kind[k] == POINTER ? BASE + (long)o->arg[k] : o->kind[k] == REGISTER ? (long)reg[o->arg[k] & 255] : (long)o->arg[k];
    long r = call(o->nr, v[0], v[1], v[2], v[3], v[4], v[5]);
    if (o->out) reg[o->out] = (u64)r;
    if (r >= 0) continue;
    if (-r != o->ignore && -r != o->ignore2) { h->failed_errno = -r; h->failed_op = i; return -1; }
    i += o->skip;
  }
  return 0;
}

__attribute__((noreturn)) static void quit(int code) { for (;;) CALL(NR_exit_group, code, 0, 0); }

static int decimal(char *p, u64 v, int width) {
  char digits[20]; int n = 0, m = 0;
  do digits[n++] = '0' + v % 10; while (v /= 10);
  for (; width > n; width--) p[m++] = '0';
  while (n) p[m++] = digits[--n];
  return m;
}

/* 2026-11-22T18:00:00.123456789Z; days to a date by the 400-year cycle that starts on 1 March. */
static int timestamp(char *p) {
  i64 now[2]; CALL(NR_clock_gettime, 0, now, 0);
  u64 day = now[0] / 86400, sec = now[0] % 86400, z = day + 719468, era = z / 146097, doe = z % 146097;
  u64 yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365, doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  u64 mp = (5 * doy + 2) / 153, month = mp < 10 ? mp + 3 : mp - 9;
  int n = decimal(p, yoe + era * 400 + (month <= 2), 4);
  p[n++] = '-'; n += decimal(p + n, month, 2);
  p[n++] = '-'; n += decimal(p + n, doy - (153 * mp + 2) / 5 + 1, 2);
  p[n++] = 'T'; n += decimal(p + n, sec / 3600, 2);
  p[n++] = ':'; n += decimal(p + n, sec / 60 % 60, 2);
  p[n++] = ':'; n += decimal(p + n, sec % 60, 2);
  p[n++] = '.'; n += decimal(p + n, now[1], 9);
  p[n++] = 'Z';
  return n;
}

struct part { const void *base; u64 size; };

/* Whole or not at all: what a full disk took half of is taken back. */
static int put(int log, const struct part *part, int count) {
  long size = 0, n = CALL(NR_writev, log, part, count);
  for (int i = 0; i < count; i++) size += part[i].size;
  if (n > 0 && n < size) CALL(NR_ftruncate, log, CALL(NR_lseek, log, 0, 2) - n, 0);
  return n == size;
}

static u64 lost; /* lines that found no room since the last one that did */

/* One CRI line in one writev; a full disk loses the line, never the container. The next one that finds room is
 * preceded by how many did not. */
static void line(int log, int which, char tag, const char *text, u64 size) {
  char head[64], note[64]; int n = timestamp(head), m = 1;
  for (const char *s = stream_name[which]; *s; s++) head[n++] = *s;
  head[n++] = 'F'; head[n++] = ' ';
  if (lost) {
    note[0] = '['; m += decimal(note + m, lost, 1);
    for (const char *s = " lines lost: no space left]\n"; *s; s++) note[m++] = *s;
    if (!put(log, (struct part[]) { { head, n }, { note, m } }, 2)) { lost++; return; }
    lost = 0;
  }
  head[n - 2] = tag;
  if (!put(log, (struct part[]) { { head, n }, { text, size }, { "\n", 1 } }, 3)) lost++;
}

static int talks; /* somebody may wait for less than a line */

/* Splits what has been read into lines; a line longer than the buffer goes out in parts tagged P. */
static void emit(int log, int which, int end) {
  struct stream *s = &stream[which];
  u32 start = 0;
  for (u32 i = 0; i < s->fill; i++)
    if (s->buf[i] == '\n') { line(log, which, 'F', s->buf + start, i - start); start = i + 1; }
  if (start == 0 && s->fill == LINE) { line(log, which, 'P', s->buf, LINE); start = LINE; }
  if (talks && start < s->fill) { line(log, which, 'P', s->buf + start, s->fill - start); start = s->fill; }
  if (end && start < s->fill) { line(log, which, 'F', s->buf + start, s->fill - start); start = s->fill; }
  for (u32 i = start; start && i < s->fill; i++) s->buf[i - start] = s->buf[i];
  s->fill -= start;
}

/* Reads one piece and tells its size; 0 when nothing is there. At the end of the stream its fd becomes -1, which poll skips. */
static long pump(int log, int which) {
  struct stream *s = &stream[which];
  if (s->fd < 0) return 0;
  long n = CALL(NR_read, s->fd, s->buf + s->fill, LINE - s->fill);
  if (n > 0) s->fill += n;
  if (n == 0) s->fd = -1;
  if (n >= 0) emit(log, which, n == 0);
  return n > 0 ? n : 0;
}

/* What the container had written when it ended. Who writes on, from another container that was handed the pipe, is not
 * waited for: the exit status would never come. */
static void drain(int log, int which) {
  long n = 1;
  for (long all = 0; n > 0 && all < REST; all += n) n = pump(log, which);
  emit(log, which, 1);
}

static int open_log(struct header *h) { /* O_WRONLY|O_CREAT|O_APPEND|O_CLOEXEC, never through a last symlink */
  return h->log_path ? (int)call(NR_openat, -100, BASE + (long)h->log_path, 01 | 0100 | 02000 | 0400000 | 02000000, 0640, 0, 0) : -1;
}

static u64 hup = 1 | 1 << 9, hup_and_pipe = 1 | 1 << 9 | 1 << 12; /* the bits of signals 1, 10 and 13 */

static void drop_input(struct header *h) { if (h->in_fd >= 0) CALL(NR_close, h->in_fd, 0, 0); h->in_fd = -1; }

static void keep(struct header *h, int pidfd) {
  int rotated = (int)call(NR_signalfd4, -1, (long)&hup, 8, 02000000, 0, 0), log = open_log(h);
  stream[0].fd = h->out_fd; stream[1].fd = h->err_fd; talks = h->in_fd >= 0;
  for (int i = 0; i < STREAMS; i++) if (stream[i].fd >= 0) CALL(NR_fcntl, stream[i].fd, 4, 04000); /* O_NONBLOCK */
  for (;;) {
    struct { i32 fd; int16_t events, revents; } poll[4] = { { stream[0].fd, 1, 0 }, { stream[1].fd, 1, 0 }, { pidfd, 1, 0 }, { rotated, 1, 0 } };
    if (call(NR_ppoll, (long)poll, 4, 0, 0, 0, 0) < 0) continue;
    if (poll[3].revents) {
      u32 info[32]; CALL(NR_read, rotated, info, sizeof info);
      if (info[0] == 10) drop_input(h);
      else { int fresh = open_log(h); if (fresh >= 0) { CALL(NR_close, log, 0, 0); log = fresh; } }
    }
    for (int i = 0; i < STREAMS; i++) if (poll[i].revents) pump(log, i);
    if (poll[2].revents) break;
  }
  drop_input(h); /* a terminal hands out its last words when nobody else holds its other side */
  for (int i = 0; i < STREAMS; i++) drain(log, i);
}

/* Made while there is room: on a disk that is full by the end the exit status must still find its place. */
static i32 open_exit(struct header *h) {
  long f = call(NR_openat, h->state_fd, (long)"exit.tmp", 01 | 0100 | 01000 | 02000000, 0600, 0, 0);
  if (f >= 0) call(NR_fallocate, f, 0, 0, 64, 0, 0);
  return (i32)f;
}

/* The whole line under its name, or nothing. */
static int record(struct header *h, i32 f, const char *text, int n) {
  if (f < 0 || CALL(NR_write, f, text, n) != n || CALL(NR_ftruncate, f, n, 0) < 0) return 0;
  CALL(NR_close, f, 0, 0);
  return call(NR_renameat, h->state_fd, (long)"exit.tmp", h->state_fd, (long)"exit", 0, 0) == 0;
}

static void write_exit(struct header *h, i64 pid, i32 f) {
  int status = 0; char text[64]; long r; i64 now[2];
  do r = call(NR_wait4, pid, (long)&status, 0x40000000 /* __WALL */, 0, 0, 0); while (r == -EINTR);
  if (h->failed_op != -1) return;
  CALL(NR_clock_gettime, 0, now, 0);
  int n = decimal(text, (u32)status, 0); text[n++] = ' ';
  n += decimal(text + n, now[0], 0); n += decimal(text + n, now[1], 9); text[n++] = '\n';
  if (!record(h, f, text, n)) record(h, open_exit(h), text, n); /* somebody removed the first one */
}

__attribute__((noreturn, used)) void run_all(void) {
  struct header *h = (void *)call(NR_mmap, BASE, 16 << 20, 3, 0x100001 /* MAP_SHARED|MAP_FIXED_NOREPLACE */, 3, 0);
  if ((long)h != BASE) quit(125);
  if (h->magic != MAGIC) quit(125); /* laid out by another version */
  h->failed_op = -1; h->keeper_pid = CALL(NR_getpid, 0, 0, 0);
  if (interpret(h, 0, h->keeper_ops)) quit(126);
  static i32 pidfd;
  static struct { u64 flags, pidfd, child_tid, parent_tid, signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup; } clone;
  clone.flags = h->clone_flags | CLONE_PIDFD | (h->cgroup_fd >= 0 ? CLONE_INTO_CGROUP : 0);
  clone.pidfd = (u64)&pidfd; clone.signal = 17; clone.cgroup = h->cgroup_fd >= 0 ? h->cgroup_fd : 0;
  i64 pid = CALL(NR_clone3, &clone, sizeof clone, 0);
  if (pid == 0) { interpret(h, h->keeper_ops, h->child_ops); quit(127); }
  if (pid < 0) { h->failed_op = -2; h->failed_errno = -pid; quit(126); }
  call(NR_sigprocmask, 0, (long)&hup_and_pipe, 0, 8, 0, 0); /* the report's reader may be dead */
  h->child_pid = pid;
  char text[24]; int n = decimal(text, pid, 0); text[n++] = '\n';
  CALL(NR_write, h->report_fd, text, n);
  int kept[] = { 3, h->state_fd, h->out_fd, h->err_fd, h->in_fd, pidfd }; /* all else would keep namespaces and pipes alive */
  for (int fd = 0; fd < 256; fd++) {
    int keep_it = 0;
    for (int i = 0; i < 6; i++) keep_it |= kept[i] == fd;
    if (!keep_it) CALL(NR_close, fd, 0, 0);
  }
  i32 exit_fd = open_exit(h);
  keep(h, pidfd);
  write_exit(h, pid, exit_fd);
  quit(0);
}
