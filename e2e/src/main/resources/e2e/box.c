/* The smallest model and app that there can be: one static binary, no libc services that need files.
 *
 *   box model              serves the Open Inference Protocol on port 8080: the sum of all numbers
 *   box openai             serves /v1/models and /v1/chat/completions instead
 *   box app                serves a page on port 3000; /ask asks the model, /fetch asks anybody
 *     PORT, BIND           where it listens; BIND is an address, and ::, ::1 are IPv6 only
 *     SERVES=NAME          a model that knows itself by this name only
 *     READY=never          is not ready, for ever
 *     ANSWER=garbage       answers 200 with what is not JSON to questions in its own protocol
 *     ANSWER=none          takes the question and is silent
 *     SLOW=SECONDS         thinks that long over a prediction
 *     WRITE=FILE  FILL=FILE:MB  EAT=MB  FORKS=N  FILES=N   needs that before it serves, and fails without it
 *     SILENT=1             does not say that it listens: it may be ended before or after that
 *   box fetch IP PORT HOST METHOD PATH [BODY]   one request from the command line; prints status and body
 *   box listen PORT        takes a port and waits
 *   box fail CODE TEXT     prints and fails, for builds and crash loops
 *   box traceback MODULE   fails as Python does where a module is missing
 *   box die SIGNAL         is killed by that signal
 *   box hang               never listens, but needs the same as a server
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
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

enum { BIG = 65536, MEGABYTE = 1 << 20 };
enum role { MODEL, OPENAI, APP };

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
  int n = snprintf(head, sizeof head, "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n", status, status == 200 ? "OK" : status == 404 ? "Not Found" : "Service Unavailable", type, strlen(body));
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

static int is_about_another_model(const char *path) {
  const char *name = env("SERVES", ""), *asked = path + strlen("/v2/models/");
  return *name && !strncmp(path, "/v2/models/", 11) && (strncmp(asked, name, strlen(name)) || (asked[strlen(name)] && asked[strlen(name)] != '/'));
}

/* Whether the environment tells the server to misbehave, and it did. */
static int misbehaves(int fd, const char *path, enum role role) {
  const char *own = role == MODEL ? "/v2/" : role == OPENAI ? "/v1/" : "/";
  if (!strcmp(env("ANSWER", ""), "none")) { for (;;) pause(); }
  if (!strcmp(env("ANSWER", ""), "garbage") && !strncmp(path, own, strlen(own))) { reply(fd, 200, "application/json", "<<< not json >>>"); return 1; }
  if (!strcmp(env("READY", ""), "never") && strstr(path, "/ready")) { reply(fd, 503, "application/json", "{\"error\":\"weights are loading\"}"); return 1; }
  return 0;
}

static void openai(int fd, const char *method, const char *path) {
  char answer[1024];
  if (!strcmp(path, "/v1/models")) {
    snprintf(answer, sizeof answer, "{\"object\":\"list\",\"data\":[{\"id\":\"%s\",\"object\":\"model\",\"owned_by\":\"box\"}]}", env("SERVES", env("BERTH_MODEL_NAME", "chat")));
    reply(fd, 200, "application/json", answer);
  } else if (!strcmp(method, "POST") && !strcmp(path, "/v1/chat/completions")) {
    reply(fd, 200, "application/json", "{\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"42\"}}]}");
  } else {
    reply(fd, 404, "application/json", "{\"error\":{\"message\":\"no such path\"}}");
  }
}

static void model(int fd, const char *method, const char *path, const char *body) {
  char answer[1024];
  if (!strcmp(path, "/v2/repository/index") && *env("SERVES", "")) {
    snprintf(answer, sizeof answer, "[{\"name\":\"%s\",\"state\":\"READY\"}]", env("SERVES", ""));
    reply(fd, 200, "application/json", answer);
    return;
  }
  if (is_about_another_model(path)) { reply(fd, 404, "application/json", "{\"error\":\"no such model\"}"); return; }
  if (strstr(path, "/infer")) sleep(atoi(env("SLOW", "0")));
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
static void serve(int fd, enum role role) {
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
    if (misbehaves(fd, path, role)) {}
    else if (role == MODEL) model(fd, method, path, end_of_head + 4);
    else if (role == OPENAI) openai(fd, method, path);
    else app(fd, path);
    memmove(request, request + whole, have - whole + 1);
    have -= whole;
  }
}

static void listening_or_end(int fd, int failed, int port) {
  if (failed || listen(fd, 64)) { say("port %d: %s\n", port, strerror(errno)); exit(1); }
}

static int listen_on(int port) {
  const char *where = env("BIND", "0.0.0.0");
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  struct sockaddr_in6 address6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
  int six = inet_pton(AF_INET6, where, &address6.sin6_addr) == 1, on = 1;
  if (!six) inet_pton(AF_INET, where, &address.sin_addr);
  int fd = socket(six ? AF_INET6 : AF_INET, SOCK_STREAM, 0);
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (six) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  listening_or_end(fd, six ? bind(fd, (struct sockaddr *)&address6, sizeof address6) : bind(fd, (struct sockaddr *)&address, sizeof address), port);
  return fd;
}

/* --- what it needs before it serves --- */

static void cannot(const char *what) {
  int e = errno;
  say("box: %s: %s\n", what, strerror(e));
  _exit(1);
}

static void write_file(const char *file, long megabytes) {
  static char block[MEGABYTE];
  memset(block, 'x', sizeof block);
  int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (fd < 0) cannot(file);
  for (long i = 0; i < megabytes; i++) if (write(fd, block, sizeof block) < 0) cannot(file);
  close(fd);
}

static void need(void) {
  char file[512];
  long megabytes;
  if (*env("WRITE", "")) write_file(env("WRITE", ""), 0);
  if (sscanf(env("FILL", ""), "%511[^:]:%ld", file, &megabytes) == 2) write_file(file, megabytes);
  for (int i = atoi(env("EAT", "0")); i > 0; i--) {
    char *memory = malloc(MEGABYTE);
    if (!memory) cannot("malloc");
    memset(memory, i, MEGABYTE);
  }
  for (int i = atoi(env("FORKS", "0")); i > 0; i--) {
    int child = fork();
    if (child < 0) cannot("fork");
    if (child == 0) for (;;) pause();
  }
  for (int i = atoi(env("FILES", "0")); i > 0; i--) if (open("/box", O_RDONLY) < 0) cannot("/box");
}

static int run(int port, enum role role) {
  need();
  int fd = listen_on(port);
  signal(SIGCHLD, SIG_IGN);
  if (!*env("SILENT", "")) say("listening on %d\n", port);
  for (;;) {
    int connection = accept(fd, 0, 0);
    if (connection < 0) continue;
    if (fork() == 0) { close(fd); serve(connection, role); _exit(0); }
    close(connection);
  }
}

static int traceback(const char *module) {
  say("Traceback (most recent call last):\n"
      "  File \"/srv/server.py\", line 3, in <module>\n"
      "    import %s\n"
      "ModuleNotFoundError: No module named '%s'\n", module, module);
  return 1;
}

/* The first process of a container is spared its own signals: a child of it is not. */
static void die(int signal_number) {
  signal(signal_number, SIG_DFL);
  say("about to be killed\n");
  raise(signal_number);
  if (signal_number == SIGSEGV) *(volatile int *)0 = 1;
  for (;;) pause();
}

int main(int argc, char **argv) {
  static char answer[BIG];
  signal(SIGTERM, end);
  const char *verb = argc > 1 ? argv[1] : "";
  if (!strcmp(verb, "model")) return run(atoi(env("PORT", "8080")), MODEL);
  if (!strcmp(verb, "openai")) return run(atoi(env("PORT", "8080")), OPENAI);
  if (!strcmp(verb, "app")) return run(atoi(env("PORT", "3000")), APP);
  if (!strcmp(verb, "listen") && argc == 3) { listen_on(atoi(argv[2])); say("listening\n"); for (;;) pause(); }
  if (!strcmp(verb, "fail") && argc == 4) { say("%s\n", argv[3]); return atoi(argv[2]); }
  if (!strcmp(verb, "traceback") && argc == 3) return traceback(argv[2]);
  if (!strcmp(verb, "die") && argc == 3) die(atoi(argv[2]));
  if (!strcmp(verb, "hang")) { say("loading weights\n"); need(); for (;;) pause(); }
  if (!strcmp(verb, "fetch") && argc >= 7) {
    int failed = ask(argv[2], atoi(argv[3]), argv[4], argv[5], argv[6], argc > 7 ? argv[7] : "", answer);
    say("%.900s\n", answer);
    return failed ? 1 : 0;
  }
  say("box model | openai | app | fetch IP PORT HOST METHOD PATH [BODY] | listen PORT | fail CODE TEXT | traceback MODULE | die SIGNAL | hang\n");
  return 2;
}
