/* A container's process that behaves badly, in the way that its first word says. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void say(const char *format, ...) {
  char line[256];
  va_list arguments;
  va_start(arguments, format);
  int n = vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  for (int done = 0; done < n;) {
    ssize_t w = write(1, line + done, n - done);
    if (w > 0) done += w;
  }
}

static void nap(long milliseconds) {
  struct timespec t = {milliseconds / 1000, milliseconds % 1000 * 1000000};
  nanosleep(&t, 0);
}

static void end(int number) { (void)number; _exit(0); }

/* Numbered lines: that none is missing and none comes twice can be seen. */
static int count(long lines, long milliseconds, int code) {
  for (long i = 0; i < lines; i++) {
    say("line %ld\n", i);
    nap(milliseconds);
  }
  return code;
}

static void forks(void) {
  int made = 0, told = 0;
  for (;;) {
    pid_t pid = fork();
    if (pid == 0) for (;;) pause();
    if (pid > 0) { made++; continue; }
    if (!told++) say("fork: Resource temporarily unavailable after %d\n", made);
    nap(100);
  }
}

static void memory(void) {
  for (int megabytes = 1;; megabytes++) {
    char *p = malloc(1 << 20);
    if (p) memset(p, 1, 1 << 20);
    if (megabytes % 16 == 0) say("%d MB\n", megabytes);
  }
}

static void fill(const char *path) {
  static char chunk[1 << 20];
  memset(chunk, 'x', sizeof chunk);
  int fd = open(path, O_WRONLY | O_CREAT, 0600);
  for (int megabytes = 0;; megabytes++) {
    if (write(fd, chunk, sizeof chunk) < 0) {
      say("write: %s after %d MB\n", strerror(errno), megabytes);
      for (;;) pause();
    }
  }
}

static void descriptors(void) {
  int n = 0;
  while (open("/dev/null", O_RDONLY) >= 0) n++;
  say("open: %s after %d\n", strerror(errno), n);
  for (;;) pause();
}

static void long_line(int megabytes) {
  static char chunk[1 << 20];
  memset(chunk, 'x', sizeof chunk);
  for (int i = 0; i < megabytes; i++)
    for (size_t done = 0; done < sizeof chunk;) {
      ssize_t n = write(1, chunk + done, sizeof chunk - done);
      if (n > 0) done += n;
    }
  say("\nafter the long line\n");
  for (;;) pause();
}

static void binary(void) {
  unsigned seed = 1;
  for (int i = 0; i < 1 << 20; i++) {
    seed = seed * 1103515245 + 12345;
    char c = (char)(seed >> 16);
    if (write(1, &c, 1) < 0) _exit(1);
  }
  say("\n\033]0;owned\007\033[2Jafter the noise\n");
  for (;;) pause();
}

static void flood(int megabytes) {
  for (int i = 0; i < megabytes * 16384; i++) say("flood %010d %045d\n", i, 0);
  say("after the flood\n");
  for (;;) pause();
}

static void stubborn(void) {
  signal(SIGTERM, SIG_IGN);
  signal(SIGHUP, SIG_IGN);
  if (fork() == 0) { setsid(); if (fork() == 0) for (;;) pause(); _exit(0); }
  say("ignores SIGTERM\n");
  for (;;) pause();
}

/* The CRC-32 of a file: that it is the one that went in. */
static void sum(const char *path) {
  static unsigned char chunk[1 << 16];
  unsigned crc = ~0u;
  int fd = open(path, O_RDONLY);
  for (ssize_t n; (n = read(fd, chunk, sizeof chunk)) > 0;)
    for (ssize_t i = 0; i < n; i++) {
      crc ^= chunk[i];
      for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (0xedb88320u & -(crc & 1));
    }
  say("sum %x\n", ~crc);
}

/* A path that is too long to be named as one: whoever removes it has to go down step by step. */
static void burrow(void) {
  char name[201] = "";
  memset(name, 'd', 200);
  int depth = 0;
  while (depth < 40 && mkdir(name, 0700) == 0 && chdir(name) == 0) depth++;
  say("%d levels deep\n", depth);
  for (;;) pause();
}

static void make_parents(char *path) {
  for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
    *slash = 0;
    mkdir(path, 0700);
    *slash = '/';
  }
  mkdir(path, 0700);
}

/* Looks like a keeper: its name, and on descriptor 5 a directory whose path means one of ours on the
 * host too, where links wait for who would write a state there. */
static void pose(const char *victim) {
  static char line[65536], dir[4096];
  FILE *mounts = fopen("/proc/self/mountinfo", "r");
  while (!*dir && fgets(line, sizeof line, mounts)) {
    char *upper = strstr(line, "upperdir=");
    if (upper) snprintf(dir, sizeof dir, "%.*s/trap", (int)strcspn(upper + 9, ",\n"), upper + 9);
  }
  if (*dir != '/') { say("no upper directory: %s\n", dir); _exit(1); }
  const char *link[] = {"/trap/down", "/trap/exit", "/trap/container.json", "/trap/exit.tmp"};
  mkdir("/trap", 0777);
  for (int i = 0; i < 4; i++) symlink(victim, link[i]);
  make_parents(dir);
  dup2(open(dir, O_RDONLY | O_DIRECTORY), 5);
  for (int i = 0; i < 20; i++)
    if (fork() == 0) execl("/rogue", "berth-keeper", "posing", (char *)0);
  say("posing as %s\n", dir);
  for (;;) pause();
}

int main(int n, char **word) {
  const char *mode = n > 1 ? word[1] : "ok";
  signal(SIGTERM, end);
  if (!strcmp(mode, "count") && n > 4) return count(atol(word[2]), atol(word[3]), atoi(word[4]));
  if (!strcmp(mode, "forks")) forks();
  if (!strcmp(mode, "memory")) memory();
  if (!strcmp(mode, "fill") && n > 2) fill(word[2]);
  if (!strcmp(mode, "descriptors")) descriptors();
  if (!strcmp(mode, "longline")) long_line(n > 2 ? atoi(word[2]) : 16);
  if (!strcmp(mode, "binary")) binary();
  if (!strcmp(mode, "flood")) flood(n > 2 ? atoi(word[2]) : 16);
  if (!strcmp(mode, "stubborn")) stubborn();
  if (!strcmp(mode, "burrow")) burrow();
  if (!strcmp(mode, "sum") && n > 2) sum(word[2]);
  if (!strcmp(mode, "pose") && n > 2) pose(word[2]);
  if (!strcmp(mode, "posing")) for (;;) pause();
  return 0;
}
