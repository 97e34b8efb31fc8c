/* The smallest model and app that there can be: one static binary, no libc services that need files.
 *
 *   box model              serves the Open Inference Protocol on port 8080: the sum of all numbers
 *   box app                serves a page on port 3000; /ask asks the model, /fetch asks anybody
 *   box fetch IP PORT HOST METHOD PATH [BODY]   one request from the command line; prints status and body
 *   box listen PORT        takes a port and waits
 *   box fail CODE TEXT     prints and fails, for builds and crash loops
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { BIG = 65536 };

static const char *env(const char *name, const char *otherwise) {
  const char *value = getenv(name);
  return value && *value ? value : otherwise;
}

static void end(int signal_number) { (void)signal_number; _exit(0); }

static void say(const char *format, ...) {
  char line[1024];
  va_list arguments;
  va_start(arguments, format);
  int n = vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  if (n > (int)sizeof line - 1) n = sizeof line - 1;
  if (write(1, line, n) < 0) _exit(1);
}

/* --- asking --- */

static int connect_to(const char *ip, int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  if (inet_pton(AF_INET, ip, &address.sin_addr) != 1) { errno = EINVAL; return -1; }
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  struct timeval patience = {.tv_sec = 5};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  if (connect(fd, (struct sockaddr *)&address, sizeof address)) { int e = errno; close(fd); errno = e; return -1; }
  return fd;
}

/* An A record by hand: a static libc cannot load its resolver. */
static int resolve(const char *name, char *ip, size_t size) {
  struct in_addr literal;
  if (inet_pton(AF_INET, name, &literal) == 1) { snprintf(ip, size, "%s", name); return 0; }
  char line[256], server[64] = "";
  FILE *conf = fopen("/etc/resolv.conf", "r");
  while (conf && fgets(line, sizeof line, conf)) if (sscanf(line, "nameserver %63s", server) == 1) break;
  if (conf) fclose(conf);
  unsigned char q[512] = {0x12, 0x34, 1, 0, 0, 1}, a[512];
  int n = 12;
  for (const char *p = name; *p;) {
    const char *dot = strchrnul(p, '.');
    q[n++] = dot - p;
    memcpy(q + n, p, dot - p);
    n += dot - p;
    p = *dot ? dot + 1 : dot;
  }
  q[n++] = 0; q[n++] = 0; q[n++] = 1; q[n++] = 0; q[n++] = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(53)};
  if (inet_pton(AF_INET, server, &address.sin_addr) != 1) return -1;
  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  struct timeval patience = {.tv_sec = 3};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  sendto(fd, q, n, 0, (struct sockaddr *)&address, sizeof address);
  int got = recv(fd, a, sizeof a, 0);
  close(fd);
  for (int i = n; i + 14 <= got; i++)
    if (a[i] == 0 && a[i + 1] == 1 && a[i + 2] == 0 && a[i + 3] == 1 && a[i + 8] == 0 && a[i + 9] == 4) {
      snprintf(ip, size, "%d.%d.%d.%d", a[i + 10], a[i + 11], a[i + 12], a[i + 13]);
      return 0;
    }
  return -1;
}

/* The whole answer, headers and all, into `answer`; on failure the reason. */
static int ask(const char *host, int port, const char *header, const char *method, const char *path, const char *body, char *answer) {
  char ip[64], request[BIG];
  if (resolve(host, ip, sizeof ip)) { snprintf(answer, BIG, "failed: cannot resolve %s", host); return -1; }
  int fd = connect_to(ip, port);
  if (fd < 0) { snprintf(answer, BIG, "failed: %s", strerror(errno)); return -1; }
  int n = snprintf(request, sizeof request, "%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s", method, path, header, strlen(body), body);
  if (send(fd, request, n, MSG_NOSIGNAL) < 0) { snprintf(answer, BIG, "failed: %s", strerror(errno)); close(fd); return -1; }
  int total = 0, got;
  while (total < BIG - 1 && (got = recv(fd, answer + total, BIG - 1 - total, 0)) > 0) total += got;
  if (total == 0) snprintf(answer, BIG, "failed: %s", got < 0 ? strerror(errno) : "connection closed");
  else answer[total] = 0;
  close(fd);
  return total > 0 ? 0 : -1;
}

/* --- serving --- */

static void reply(int fd, int status, const char *type, const char *body) {
  char head[512];
  int n = snprintf(head, sizeof head, "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n", status, status == 200 ? "OK" : "Not Found", type, strlen(body));
  if (send(fd, head, n, MSG_NOSIGNAL) > 0) send(fd, body, strlen(body), MSG_NOSIGNAL);
}

static double sum_of(const char *json) {
  const char *data = strstr(json, "\"data\"");
  double sum = 0;
  if (!data) return 0;
  for (const char *p = data + 6; *p && *p != '}';) {
    char *after;
    double value = strtod(p, &after);
    if (after == p) p++;
    else { sum += value; p = after; }
  }
  return sum;
}

static void model(int fd, const char *method, const char *path, const char *body) {
  char answer[1024];
  if (!strncmp(path, "/v2/health/", 11) || (strstr(path, "/v2/models/") == path && strstr(path, "/ready"))) { reply(fd, 200, "application/json", "{}"); return; }
  if (!strcmp(method, "POST") && strstr(path, "/infer")) {
    snprintf(answer, sizeof answer, "{\"model_name\":\"sum\",\"outputs\":[{\"name\":\"sum\",\"shape\":[1],\"datatype\":\"FP64\",\"data\":[%g]}]}", sum_of(body));
    reply(fd, 200, "application/json", answer);
  } else if (strstr(path, "/v2/models/") == path) {
    reply(fd, 200, "application/json", "{\"name\":\"sum\",\"platform\":\"box\",\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP64\",\"shape\":[4]}],\"outputs\":[{\"name\":\"sum\",\"datatype\":\"FP64\",\"shape\":[1]}]}");
  } else {
    reply(fd, 404, "application/json", "{\"error\":\"no such path\"}");
  }
}

static void app(int fd, const char *path) {
  static char answer[BIG];
  char host[256] = "", target[256] = "/";
  int port = 80;
  if (!strcmp(path, "/")) { reply(fd, 200, "text/html", "<h1>box</h1>\n"); return; }
  if (!strcmp(path, "/ask")) {
    sscanf(env("MODEL_PREDICT_URL", ""), "http://%255[^/:]%255s", host, target);
    ask(host, 80, host, "POST", target, "{\"inputs\":[{\"name\":\"x\",\"shape\":[3],\"datatype\":\"FP64\",\"data\":[1,2,39]}]}", answer);
    reply(fd, 200, "text/plain", answer);
  } else if (sscanf(path, "/fetch?host=%255[^&]&port=%d&path=%255s", host, &port, target) == 3) {
    ask(host, port, host, "GET", target, "", answer);
    reply(fd, 200, "text/plain", answer);
  } else {
    reply(fd, 404, "text/plain", "no such path\n");
  }
}

/* One connection, until the other side has enough. */
static void serve(int fd, int as_model) {
  static char request[BIG];
  int have = 0, got;
  while ((got = recv(fd, request + have, BIG - 1 - have, 0)) > 0) {
    have += got;
    request[have] = 0;
    char *end_of_head = strstr(request, "\r\n\r\n");
    if (!end_of_head) continue;
    char *length = strcasestr(request, "\r\ncontent-length:");
    long body = length && length < end_of_head ? atol(length + 17) : 0;
    long whole = end_of_head + 4 - request + body;
    if (have < whole) continue;
    char method[16], path[1024];
    if (sscanf(request, "%15s %1023s", method, path) != 2) return;
    say("%s %s\n", method, path);
    if (as_model) model(fd, method, path, end_of_head + 4);
    else app(fd, path);
    memmove(request, request + whole, have - whole + 1);
    have -= whole;
  }
}

static int listen_on(int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, 64)) { say("port %d: %s\n", port, strerror(errno)); exit(1); }
  return fd;
}

static int run(int port, int as_model) {
  int fd = listen_on(port);
  signal(SIGCHLD, SIG_IGN);
  say("listening on %d\n", port);
  for (;;) {
    int connection = accept(fd, 0, 0);
    if (connection < 0) continue;
    if (fork() == 0) { close(fd); serve(connection, as_model); _exit(0); }
    close(connection);
  }
}

int main(int argc, char **argv) {
  static char answer[BIG];
  signal(SIGTERM, end);
  const char *verb = argc > 1 ? argv[1] : "";
  if (!strcmp(verb, "model")) return run(atoi(env("PORT", "8080")), 1);
  if (!strcmp(verb, "app")) return run(atoi(env("PORT", "3000")), 0);
  if (!strcmp(verb, "listen") && argc == 3) { listen_on(atoi(argv[2])); say("listening\n"); for (;;) pause(); }
  if (!strcmp(verb, "fail") && argc == 4) { say("%s\n", argv[3]); return atoi(argv[2]); }
  if (!strcmp(verb, "fetch") && argc >= 7) {
    int failed = ask(argv[2], atoi(argv[3]), argv[4], argv[5], argv[6], argc > 7 ? argv[7] : "", answer);
    say("%.900s\n", answer);
    return failed ? 1 : 0;
  }
  say("box model | app | fetch IP PORT HOST METHOD PATH [BODY] | listen PORT | fail CODE TEXT\n");
  return 2;
}
