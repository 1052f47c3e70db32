#include "descriptors.h"

#include "../spawner/kernel.h"
#include "refuse.h"

enum { AF_UNIX_FAMILY = 1, SOCK_STREAM_TYPE = 1, NODES_CONTROL = 3, NODES_HANDLES = 4, OLD_LIMIT = 1024 };

/* Without them a file or socket opened later would take the number, and be written to as stdout or stderr. */
static void fill_standard_descriptors(void) {
  for (int fd = STDIN; fd <= STDERR; fd++)
    if (sys(fcntl, fd, F_GETFD) == -EBADF) sys(openat, AT_FDCWD, "/dev/null", O_RDWR, 0);
}

static void close_inherited(void) {
  if (sys(close_range, STDERR + 1, ~0u, 0) == 0) return;
  for (int fd = STDERR + 1; fd < OLD_LIMIT; fd++) sys(close, fd); /* before Linux 5.9 */
}

static void open_pair(int pair[2]) {
  if (sys(socketpair, AF_UNIX_FAMILY, SOCK_STREAM_TYPE | O_CLOEXEC, 0, pair) < 0) refuse("no socket for Node can be made");
}

struct channels open_channels(void) {
  struct channels channels;
  fill_standard_descriptors();
  close_inherited();
  open_pair(channels.control);
  open_pair(channels.handles);
  return channels;
}

/* The pairs are the first that were opened, so Node's ends are 3 and 5. */
void keep_nodes_ends(const struct channels *channels) {
  sys(close, channels->control[SPAWNERS_END]);
  sys(close, channels->handles[SPAWNERS_END]);
  if (channels->control[NODES_END] != NODES_CONTROL) refuse("a descriptor is in the way of its sockets");
  if (channels->handles[NODES_END] == NODES_HANDLES) return;
  sys(dup3, channels->handles[NODES_END], NODES_HANDLES, O_CLOEXEC);
  sys(close, channels->handles[NODES_END]);
}

void keep_spawners_ends(const struct channels *channels) {
  sys(close, channels->control[NODES_END]);
  sys(close, channels->handles[NODES_END]);
}
