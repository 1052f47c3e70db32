/*
 * The function of the http cases, and of the gateway's: a server that costs next to nothing, so that what is measured is
 * what is in front of it. A thread for each connection, kept open. What a gateway calls it is passed over: /function/NAME.
 *
 *   POST /          the body back, up to 64 KiB
 *   POST /sink      reads a body of any length, known or in chunks, and answers with its length
 *   GET /source/N   N bytes
 *   GET /chunks/N   the same in chunks
 *   GET /events     an event every ten milliseconds: the microseconds of the clock when it was sent
 */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { SIZE = 256 * 1024, SMALL = 64 * 1024 };

struct connection {
  int fd;
  size_t start, end;
  char bytes[SIZE];
};

static int fill(struct connection *c) {
  if (c->start == c->end) c->start = c->end = 0;
  if (c->end == SIZE - 1) {
    memmove(c->bytes, c->bytes + c->start, c->end - c->start);
    c->end -= c->start;
    c->start = 0;
    if (c->end == SIZE - 1) return 0;
  }
  ssize_t count = read(c->fd, c->bytes + c->end, SIZE - 1 - c->end);
  if (count <= 0) return 0;
  c->end += count;
  c->bytes[c->end] = 0;
  return 1;
}

static int send_all(int fd, const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t count = write(fd, bytes, length);
    if (count <= 0) return 0;
    bytes += count;
    length -= count;
  }
  return 1;
}

static long skip(struct connection *c, long length) {
  long left = length;
  while (left > 0) {
    if (c->start == c->end && !fill(c)) return -1;
    long here = c->end - c->start;
    if (here > left) here = left;
    c->start += here;
    left -= here;
  }
  return length;
}

/* The line that begins at the start, without its end, which is passed over. */
static char *line(struct connection *c) {
  char *end;
  while ((end = memmem(c->bytes + c->start, c->end - c->start, "\r\n", 2)) == NULL)
    if (!fill(c)) return NULL;
  char *begin = c->bytes + c->start;
  *end = 0;
  c->start = end + 2 - c->bytes;
  return begin;
}

static long skip_chunks(struct connection *c) {
  long total = 0;
  for (;;) {
    char *size = line(c);
    if (size == NULL) return -1;
    long length = strtol(size, NULL, 16);
    if (length == 0) return line(c) == NULL ? -1 : total;
    if (skip(c, length) < 0 || line(c) == NULL) return -1;
    total += length;
  }
}

static int answer(int fd, const char *body, size_t length) {
  char out[SMALL + 256];
  int head = sprintf(out, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\n\r\n", length);
  memcpy(out + head, body, length);
  return send_all(fd, out, head + length);
}

static int echo(struct connection *c, long length, int chunked) {
  static __thread char body[SMALL];
  long total = 0;
  do {
    if (chunked) {
      char *size = line(c);
      length = size == NULL ? -1 : strtol(size, NULL, 16);
    }
    if (length < 0 || total + length > SMALL) return 0;
    while ((long)(c->end - c->start) < length)
      if (!fill(c)) return 0;
    memcpy(body + total, c->bytes + c->start, length);
    c->start += length;
    total += length;
    if (chunked && line(c) == NULL) return 0;
  } while (chunked && length > 0);
  return answer(c->fd, body, total);
}

static int source(int fd, long length) {
  static const char bytes[SMALL];
  char head[128];
  sprintf(head, "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: %ld\r\n\r\n", length);
  if (!send_all(fd, head, strlen(head))) return 0;
  for (; length > 0; length -= SMALL)
    if (!send_all(fd, bytes, length < SMALL ? length : SMALL)) return 0;
  return 1;
}

static int chunks(int fd, long length) {
  static const char head[] = "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
  static const char last[] = "0\r\n\r\n";
  static __thread char chunk[SMALL + 32];
  if (!send_all(fd, head, sizeof head - 1)) return 0;
  for (; length > 0; length -= SMALL) {
    long part = length < SMALL ? length : SMALL;
    int size = sprintf(chunk, "%lx\r\n", part);
    memcpy(chunk + size + part, "\r\n", 2);
    if (!send_all(fd, chunk, size + part + 2)) return 0;
  }
  return send_all(fd, last, sizeof last - 1);
}

static int events(int fd) {
  static const char head[] = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
  struct timespec now;
  if (!send_all(fd, head, sizeof head - 1)) return 0;
  for (;;) {
    char event[64], chunk[96];
    clock_gettime(CLOCK_REALTIME, &now);
    int length = sprintf(event, "data: %lld\n\n", now.tv_sec * 1000000LL + now.tv_nsec / 1000);
    int size = sprintf(chunk, "%x\r\n%s\r\n", length, event);
    if (!send_all(fd, chunk, size)) return 0;
    usleep(10000);
  }
}

/* Without what a gateway calls the function. */
static void shorten(char *first) {
  char *name = strstr(first, " /function/");
  if (name == NULL) return;
  size_t length = strcspn(name + 11, "/ ");
  memmove(name + 1, name + 11 + length, strlen(name + 11 + length) + 1);
}

static int serve(struct connection *c) {
  char *target = line(c), *header;
  if (target == NULL) return 0;
  /* Lines are read in place: what is read behind the first may move it. */
  char first[128];
  snprintf(first, sizeof first, "%s", target);
  shorten(first);
  long length = 0;
  int chunked = 0;
  while ((header = line(c)) != NULL && *header != 0) {
    if (strncasecmp(header, "content-length:", 15) == 0) length = atol(header + 15);
    if (strncasecmp(header, "transfer-encoding:", 18) == 0) chunked = 1;
  }
  if (header == NULL) return 0;
  if (strncmp(first, "GET /source/", 12) == 0) return source(c->fd, atol(first + 12));
  if (strncmp(first, "GET /chunks/", 12) == 0) return chunks(c->fd, atol(first + 12));
  if (strncmp(first, "GET /events", 11) == 0) return events(c->fd);
  if (strncmp(first, "POST /sink", 10) != 0) return echo(c, length, chunked);
  char text[32];
  long total = chunked ? skip_chunks(c) : skip(c, length);
  return total >= 0 && answer(c->fd, text, sprintf(text, "%ld", total));
}

static void *run(void *argument) {
  struct connection *c = argument;
  while (serve(c)) continue;
  close(c->fd);
  free(c);
  return NULL;
}

int main(int count, char **arguments) {
  int on = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(count > 1 ? atoi(arguments[1]) : 0)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  /* How the bench knows it from the watchdog's own processes. */
  prctl(PR_SET_NAME, "bench-upstream");
  signal(SIGPIPE, SIG_IGN);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 512) < 0) return 1;
  for (;;) {
    struct connection *c = calloc(1, sizeof *c);
    c->fd = accept(listener, NULL, NULL);
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    pthread_t thread;
    if (pthread_create(&thread, NULL, run, c) == 0) pthread_detach(thread);
  }
}
