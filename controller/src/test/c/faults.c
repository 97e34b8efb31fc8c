/* Preloaded into a test's JVM: counts the writes and syncs that go to the store's files and lets
 * one of them, or all from one on, fail. Everything else passes untouched. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum { NONE, NOSPACE, WRITE_EIO, SYNC_EIO, SHORT_WRITE };

static volatile long calls, syncs, failed, from;
static volatile int kind;

void faults_arm(int what, long at) {
  calls = syncs = failed = 0;
  from = at;
  kind = what;
}
void faults_disarm(void) { kind = NONE; }
long faults_calls(void) { return calls; }
long faults_syncs(void) { return syncs; }
long faults_failed(void) { return failed; }

static int ours(int fd) {
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t n = readlink(link, path, sizeof path - 1);
  if (n < 0) return 0;
  path[n] = 0;
  return strstr(path, "/berth.db") && !strstr(path, ".lock");
}

static int due(int one) { return calls >= from && (!one || !failed); }

/* What a write shall do: -1 with errno, a shorter length, or all of it. */
static ssize_t fate(int fd, size_t n) {
  if (!ours(fd)) return (ssize_t)n;
  calls++;
  switch (kind) {
    case NOSPACE:
      if (due(0)) { failed++; errno = ENOSPC; return -1; }
      break;
    case WRITE_EIO:
      if (due(1)) { failed++; errno = EIO; return -1; }
      break;
    case SHORT_WRITE:
      if (due(1) && n > 1) { failed++; return (ssize_t)(n / 2); }
      break;
  }
  return (ssize_t)n;
}

static int sync_fate(int fd) {
  if (!ours(fd)) return 0;
  calls++;
  syncs++;
  if (kind == SYNC_EIO && due(1)) { failed++; syncs = 0; errno = EIO; return -1; }
  return 0;
}

#define REAL(name) static __typeof__(name) *real; \
  if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void *b, size_t n) {
  REAL(write);
  if (n == 0) return real(fd, b, n);
  ssize_t k = fate(fd, n);
  return k < 0 ? k : real(fd, b, (size_t)k);
}
ssize_t pwrite(int fd, const void *b, size_t n, off_t o) {
  REAL(pwrite);
  ssize_t k = fate(fd, n);
  return k < 0 ? k : real(fd, b, (size_t)k, o);
}
ssize_t pwrite64(int fd, const void *b, size_t n, off64_t o) {
  REAL(pwrite64);
  ssize_t k = fate(fd, n);
  return k < 0 ? k : real(fd, b, (size_t)k, o);
}
int fsync(int fd) {
  REAL(fsync);
  return sync_fate(fd) ? -1 : real(fd);
}
int fdatasync(int fd) {
  REAL(fdatasync);
  return sync_fate(fd) ? -1 : real(fd);
}
