#include "healthcheck.h"

#include <linux/in.h>
#include <linux/in6.h>

#include "../spawner/kernel.h"
#include "../spawner/memory.h"
#include "text.h"

enum { AF_INET_FAMILY = 2, AF_INET6_FAMILY = 10, SOCK_STREAM_TYPE = 1, SO_RCVTIMEO_OPTION = 20, SO_SNDTIMEO_OPTION = 21 };
enum { PATH_LIMIT = 4096, PATIENCE_SECONDS = 5, DEFAULT_PORT = 8080 };

static const char question[] = "GET /_/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

/* Only a file that is surely not there counts as missing, for the watchdog itself too. */
static bool has_lock_file(const struct start *start) {
  char path[PATH_LIMIT];
  const char *folder = variable(start, "TMPDIR");
  if (!folder || !*folder) folder = "/tmp";
  if (text_length(folder) > PATH_LIMIT - sizeof "/.lock") return false;
  append_text(append_text(path, folder), "/.lock");
  long error = sys(faccessat, AT_FDCWD, path, 0);
  return error != -ENOENT && error != -ENOTDIR;
}

/* The port that the watchdog listens on, as it reads it itself: in mode `http`, PORT is the program's. */
static uint64_t listening_port(const struct start *start) {
  const char *port = variable(start, "port");
  const char *mode = variable(start, "mode");
  if ((!port || !*port) && !(mode && text_equals(mode, "http"))) port = variable(start, "PORT");
  uint64_t number = port ? parse_port(port) : 0;
  return number ? number : DEFAULT_PORT;
}

static bool answers_ok(int family, const void *address, size_t size) {
  char answer[13] = {0};
  struct __kernel_old_timeval patience = {.tv_sec = PATIENCE_SECONDS};
  int connection = (int)sys(socket, family, SOCK_STREAM_TYPE, 0);
  sys(setsockopt, connection, SOL_SOCKET_LEVEL, SO_RCVTIMEO_OPTION, &patience, sizeof patience);
  sys(setsockopt, connection, SOL_SOCKET_LEVEL, SO_SNDTIMEO_OPTION, &patience, sizeof patience);
  bool asked = sys(connect, connection, address, size) == 0 &&
               sys(sendto, connection, question, sizeof question - 1, MSG_NOSIGNAL_FLAG, 0, 0) == sizeof question - 1;
  size_t got = 0;
  while (asked && got < sizeof answer - 1) {
    long more = sys(read, connection, answer + got, sizeof answer - 1 - got);
    if (more <= 0) break;
    got += (size_t)more;
  }
  return text_equals(answer, "HTTP/1.1 200");
}

/* The lock file may be switched off (`suppress_lock`): then the watchdog itself is asked, where it listens. */
static bool watchdog_answers(const struct start *start) {
  const char *host = variable(start, "host");
  uint32_t own = host ? parse_ipv4(host) : 0;
  uint32_t address = own ? own : __builtin_bswap32(INADDR_LOOPBACK);
  uint16_t port = __builtin_bswap16((uint16_t)listening_port(start));
  struct sockaddr_in v4 = {.sin_family = AF_INET_FAMILY, .sin_port = port, .sin_addr.s_addr = address};
  struct sockaddr_in6 v6 = {.sin6_family = AF_INET6_FAMILY, .sin6_port = port, .sin6_addr.in6_u.u6_addr8[15] = 1};
  return answers_ok(AF_INET_FAMILY, &v4, sizeof v4) || (!own && answers_ok(AF_INET6_FAMILY, &v6, sizeof v6));
}

int run_healthcheck(const struct start *start) {
  static const char missing[] = "unable to find lock file.\n";
  if (has_lock_file(start) || watchdog_answers(start)) return 0;
  sys(write, STDERR, missing, sizeof missing - 1);
  return 1;
}
