#include "ownership.h"

#include "config.h"
#include "environment.h"
#include "leaves.h"
#include "memory.h"

enum { PIECE_SIZE = 32 << 10, PATH_SIZE = 32 };

static int open_environment(pid_number pid) {
  char path[PATH_SIZE] = "/proc/", digits[10];
  size_t length = 6, count = 0;
  for (uint32_t rest = (uint32_t)pid; rest; rest /= 10) digits[count++] = (char)('0' + rest % 10);
  while (count) path[length++] = digits[--count];
  memcpy(path + length, "/environ", sizeof "/environ");
  return (int)sys(openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
}

/* Looks at each variable that is whole; gives where the last one begins, which may go on in the next piece. */
static size_t search(const char *piece, size_t size, uint32_t *id) {
  size_t start = 0;
  for (size_t i = 0; i < size; i++) {
    if (piece[i]) continue;
    if (environment_read_marker(piece + start, i - start, id)) return size;
    start = i + 1;
  }
  return start;
}

/* False: it has no marker, or we may not look. */
static bool read_marker(pid_number pid, uint32_t *id) {
  static char piece[PIECE_SIZE];
  int environment = open_environment(pid);
  if (environment < 0) return false;
  size_t kept = 0;
  long size;
  *id = 0;
  while (!*id && (size = sys(read, environment, piece + kept, PIECE_SIZE - kept)) > 0) {
    size_t end = kept + (size_t)size;
    size_t used = search(piece, end, id);
    if (!used && end == PIECE_SIZE) used = end; /* longer than any marker */
    kept = end - used;
    memmove(piece, piece + used, kept);
  }
  sys(close, environment);
  return *id != 0;
}

struct owner find_owner(pid_number pid) {
  /* Every run has a session, which it never leaves for an older one. */
  long session = sys(getsid, pid);
  struct run *run = session > 0 ? run_by_pid((pid_number)session) : NULL;
  if (run) return (struct owner){OWNER_RUN, run};
  if (session <= 0 || session == sys(getsid, 0)) return (struct owner){OWNER_NOBODY, NULL};
  if (leaf_find_run(pid, &run)) return (struct owner){run ? OWNER_RUN : OWNER_FINISHED, run};
  uint32_t id;
  if (!read_marker(pid, &id)) return (struct owner){OWNER_UNKNOWN, NULL};
  run = run_by_id(id);
  return (struct owner){run ? OWNER_RUN : OWNER_FINISHED, run};
}
