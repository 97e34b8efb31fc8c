/* A container's process that behaves badly, in the way that its first word says. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
  return 0;
}
