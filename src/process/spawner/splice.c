#include "splice.h"

#include "control.h"
#include "events.h"
#include "memory.h"
#include "timers.h"

enum {
  SPLICE_LIMIT = 64,
  /* What is in the pipe between them at most: that much has to fit into a frame, where it is given back. */
  PIECE_SIZE = 256 << 10,
  /* Sockets fill a pipe in pieces that are mostly smaller than a page. */
  PIPE_SIZE = 1 << 20,
  /* After so much in one turn the others have theirs. */
  TURN_SIZE = 1 << 20,
  /* In nanoseconds: who is slower than this is given back. */
  PATIENCE = 100000000,
};

enum { MOVE = 1, NO_WAIT = 2 };

/* Free where `id` is 0. The pipe's ends are those of pipe2(2). */
static struct splice {
  uint32_t id;
  int sockets[2], pipe[2];
  uint64_t left, taken;
  size_t in_pipe;
  uint64_t moved_at;
  bool is_ready, is_over;
} splices[SPLICE_LIMIT];

static uint32_t splice_count;

static struct splice *find(uint32_t id) {
  for (uint32_t i = 0; i < SPLICE_LIMIT; i++)
    if (splices[i].id == id) return &splices[i];
  return NULL;
}

static struct splice *add(uint32_t id) {
  struct splice *splice = find(0);
  if (!splice) return NULL;
  *splice = (struct splice){.id = id, .sockets = {-1, -1}, .pipe = {-1, -1}};
  splice_count++;
  return splice;
}

static void close_if_open(int descriptor) {
  if (descriptor >= 0) sys(close, descriptor);
}

/* Node's copy keeps a socket alive, and with it what epoll knows of it. */
static void remove(struct splice *splice) {
  for (int end = 0; end < 2; end++) {
    if (splice->sockets[end] >= 0) events_forget(splice->sockets[end]);
    close_if_open(splice->sockets[end]);
    close_if_open(splice->pipe[end]);
  }
  splice->id = 0;
  splice_count--;
}

static void emit_nothing_taken(uint32_t id) {
  struct frame spliced = {.type = FRAME_SPLICED, .id = id};
  uint64_t taken = 0;
  control_emit(&spliced, &taken, sizeof taken);
}

static bool make_pipe(struct splice *splice) {
  if (sys(pipe2, splice->pipe, O_CLOEXEC | O_NONBLOCK) < 0) return false;
  sys(fcntl, splice->pipe[1], F_SETPIPE_SZ, PIPE_SIZE); /* or it stays small */
  return true;
}

static bool watch(const struct splice *splice) {
  uint32_t slot = (uint32_t)(splice - splices);
  return events_watch_splice(slot, splice->id, splice->sockets[SPLICE_FROM], EPOLLIN) == 0 &&
         events_watch_splice(slot, splice->id, splice->sockets[SPLICE_TO], EPOLLOUT) == 0;
}

/* With the second socket it begins. */
void splice_take(uint32_t id, enum splice_end end, uint64_t size, int socket) {
  struct splice *splice = end == SPLICE_FROM ? add(id) : find(id);
  if (!splice) {
    close_if_open(socket);
    if (end == SPLICE_TO) emit_nothing_taken(id); /* there were too many */
    return;
  }
  splice->sockets[end] = socket;
  if (end == SPLICE_FROM) return;
  splice->left = size;
  splice->moved_at = turn_time();
  splice->is_ready = true;
  splice->is_over = splice->sockets[SPLICE_FROM] < 0 || socket < 0 || !make_pipe(splice) || !watch(splice);
}

void splice_stop(uint32_t id) {
  struct splice *splice = id ? find(id) : NULL;
  if (splice) remove(splice);
}

void splice_is_ready(uint32_t slot, uint32_t id) {
  if (slot < SPLICE_LIMIT && splices[slot].id == id) splices[slot].is_ready = true;
}

static long fill(struct splice *splice) {
  size_t size = splice->left < PIECE_SIZE ? splice->left : PIECE_SIZE;
  if (!size) return 0;
  long moved = sys(splice, splice->sockets[SPLICE_FROM], NULL, splice->pipe[1], NULL, size, MOVE | NO_WAIT);
  if (moved <= 0) return moved;
  splice->in_pipe = (size_t)moved;
  splice->left -= (uint64_t)moved;
  splice->taken += (uint64_t)moved;
  return moved;
}

static long drain(struct splice *splice) {
  long moved = sys(splice, splice->pipe[0], NULL, splice->sockets[SPLICE_TO], NULL, splice->in_pipe, MOVE | NO_WAIT);
  if (moved > 0) splice->in_pipe -= (size_t)moved;
  return moved;
}

/* It is over when all has gone; at the end of one socket or a fault of the other, which Node will find by itself. */
static void advance(struct splice *splice) {
  size_t size = 0;
  while (splice->is_ready && !splice->is_over && size < TURN_SIZE) {
    long moved = splice->in_pipe ? drain(splice) : fill(splice);
    if (moved > 0) size += (size_t)moved;
    else if (moved == -EAGAIN) splice->is_ready = false;
    else if (moved != -EINTR) splice->is_over = true;
  }
  if (size) splice->moved_at = turn_time();
}

/* What was taken from the one and not given to the other goes with it. */
static void give_back(struct splice *splice) {
  uint8_t *payload = control_reserve(sizeof splice->taken + splice->in_pipe);
  memcpy(payload, &splice->taken, sizeof splice->taken);
  size_t size = sizeof splice->taken;
  while (splice->in_pipe) {
    long got = sys(read, splice->pipe[0], payload + size, splice->in_pipe);
    if (got == -EINTR) continue;
    if (got <= 0) break;
    size += (size_t)got;
    splice->in_pipe -= (size_t)got;
  }
  struct frame spliced = {.type = FRAME_SPLICED, .id = splice->id};
  control_commit(&spliced, size);
  remove(splice);
}

static bool has_both(const struct splice *splice) { return splice->id && (splice->pipe[0] >= 0 || splice->is_over); }

void splices_run(uint64_t now) {
  for (uint32_t i = 0; splice_count && i < SPLICE_LIMIT; i++) {
    struct splice *splice = &splices[i];
    if (!has_both(splice)) continue;
    advance(splice);
    splice->is_over |= splice->moved_at + PATIENCE <= now;
    if (!splice->is_over) timers_wake_at(splice->moved_at + PATIENCE);
    else if (control_has_room_for_output()) give_back(splice);
  }
}

bool splices_go_on(void) {
  for (uint32_t i = 0; splice_count && i < SPLICE_LIMIT; i++)
    if (has_both(&splices[i]) && splices[i].is_ready && !splices[i].is_over) return true;
  return false;
}
