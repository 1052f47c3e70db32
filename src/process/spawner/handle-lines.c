#include "handle-lines.h"

#include "kernel.h"
#include "memory.h"
#include "splice.h"

enum { LINES_SIZE = 4096, CLOSE_ON_EXEC = 0x40000000 };

uint32_t handle_lines_owed;

/* What was read and is no whole line yet. */
static char lines[LINES_SIZE];
static size_t lines_size;

/* Node sends one at a time: it belongs to the next line that needs one. */
static int received = -1;

static void keep(const struct descriptor_message *rights) {
  bool is_one = rights->length >= sizeof *rights - sizeof rights->padding && rights->level == SOL_SOCKET_LEVEL &&
                rights->type == SCM_RIGHTS_TYPE;
  if (!is_one) return;
  if (received >= 0) sys(close, received);
  received = rights->descriptor;
}

static long read_some(int channel) {
  struct io_vector vector = {lines + lines_size, sizeof lines - lines_size};
  struct descriptor_message rights = {0};
  struct message message = {.vectors = &vector, .vector_count = 1, .control = &rights, .control_length = sizeof rights};
  long size;
  do size = sys(recvmsg, channel, &message, MSG_DONTWAIT_FLAG | CLOSE_ON_EXEC);
  while (size == -EINTR);
  if (size > 0 && message.control_length) keep(&rights);
  return size;
}

/* Behind `text` in the line, or NULL. */
static const char *find(const char *line, const char *end, const char *text) {
  size_t length = text_length(text);
  for (; (size_t)(end - line) >= length; line++)
    if (memcmp(line, text, length) == 0) return line + length;
  return NULL;
}

static const char *read_number(const char *at, const char *end, uint64_t *number) {
  for (*number = 0; at < end && *at >= '0' && *at <= '9'; at++) *number = *number * 10 + (uint64_t)(*at - '0');
  return at < end ? at + 1 : at;
}

static void use(const char *line, const char *end) {
  bool has_socket = find(line, end, "\"NODE_HANDLE\"") != NULL;
  const char *at = find(line, end, "\"splice\":[");
  int socket = received;
  uint64_t id = 0, which, size;
  if (has_socket) {
    handle_lines_owed++;
    received = -1;
  }
  if (at) {
    at = read_number(at, end, &id);
    at = read_number(at, end, &which);
    read_number(at, end, &size);
  }
  if (id && has_socket) splice_take((uint32_t)id, which ? SPLICE_TO : SPLICE_FROM, size, socket);
  else if (id) splice_stop((uint32_t)id);
  else if (has_socket && socket >= 0) sys(close, socket);
}

static void use_lines(void) {
  char *start = lines, *end = lines + lines_size;
  for (char *at = start; at < end; at++) {
    if (*at != '\n') continue;
    use(start, at);
    start = at + 1;
  }
  lines_size = (size_t)(end - start);
  if (lines_size == sizeof lines) lines_size = 0; /* no line of ours is as long */
  memmove(lines, start, lines_size);
}

bool handle_lines_read(int channel) {
  long size;
  while ((size = read_some(channel)) > 0) {
    lines_size += (size_t)size;
    use_lines();
  }
  return size == -EAGAIN;
}
