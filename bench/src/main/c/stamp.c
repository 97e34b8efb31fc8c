/* What is run in a container to time it: its first act is to ask the monotonic clock, its second to tell. With any
 * argument it then stays. No libc, so that nothing is loaded or set up before the first instruction. */
#include <stdint.h>

#if defined(__x86_64__)
enum { NR_write = 1, NR_pause = 34, NR_clock_gettime = 228, NR_exit_group = 231 };
static long call(long n, long a, long b, long c) {
  long r;
  __asm__ volatile("syscall" : "=a"(r) : "a"(n), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
  return r;
}
static void stay(void) { call(NR_pause, 0, 0, 0); }
__asm__(".globl _start\n_start: mov %rsp,%rdi\n and $-16,%rsp\n call begin\n");
#elif defined(__aarch64__)
enum { NR_write = 64, NR_ppoll = 73, NR_clock_gettime = 113, NR_exit_group = 94 };
static long call(long n, long a, long b, long c) {
  register long x8 __asm__("x8") = n, x0 __asm__("x0") = a, x1 __asm__("x1") = b, x2 __asm__("x2") = c, x3 __asm__("x3") = 0;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3) : "memory");
  return x0;
}
static void stay(void) { call(NR_ppoll, 0, 0, 0); }
__asm__(".globl _start\n_start: mov x0, sp\n bl begin\n");
#endif

/* The stack begins with the number of arguments. */
__attribute__((noreturn, used)) void begin(const long *stack) {
  int64_t now[2];
  call(NR_clock_gettime, 1, (long)now, 0);
  char text[24];
  int at = sizeof text;
  text[--at] = '\n';
  for (uint64_t left = now[0] * 1000000000ULL + now[1]; left; left /= 10) text[--at] = '0' + left % 10;
  call(NR_write, 1, (long)(text + at), sizeof text - at);
  while (stack[0] > 1) stay();
  for (;;) call(NR_exit_group, 0, 0, 0);
}
