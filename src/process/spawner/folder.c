#include "folder.h"

enum { LOCK_ALONE = 2, LOCK_NOW = 4, TRIES = 16, SWEEP_STEPS = 20 };

static const char ENDS[] = "breeze-runs-", KEEPS[] = "breeze-kept-";
static const long SWEEP_PAUSE = 5000000; /* nanoseconds */

static bool is_locked_now(int folder) { return sys(flock, folder, LOCK_ALONE | LOCK_NOW) == 0; }

/* Nothing but numbers behind the beginning: a folder of somebody else's must never be taken for one. */
static bool is_name(const char *name, const char *beginning) {
  while (*beginning)
    if (*name++ != *beginning++) return false;
  if (!*name) return false;
  for (; *name; name++)
    if ((*name < '0' || *name > '9') && *name != '-') return false;
  return true;
}

static bool is_same(const char *name, const char *other) {
  while (*name && *name == *other) name++, other++;
  return *name == *other;
}

/* The dead spawner's Node may still be there, and say why it ends. */
static void kill_group(int parent, const char *name) {
  int group = is_same(name, WATCHDOG_GROUP) ? -1 : group_open(parent, name);
  if (group < 0) return;
  group_write(group, "cgroup.kill", "1");
  sys(close, group);
}

static void remove_dead(int parent, const char *name, int folder, bool keeps) {
  struct __kernel_timespec pause = {0, SWEEP_PAUSE};
  if (!keeps) group_each(folder, kill_group);
  bool waits = !keeps;
  for (int step = 0; !group_remove(parent, name) && waits && step < SWEEP_STEPS; step++)
    sys(ppoll, NULL, 0, &pause, NULL);
}

static void sweep(int parent, const char *name) {
  bool keeps = is_name(name, KEEPS);
  if (!keeps && !is_name(name, ENDS)) return;
  int folder = group_open(parent, name);
  if (folder < 0) return;
  if (is_locked_now(folder)) remove_dead(parent, name, folder, keeps);
  sys(close, folder);
}

static int make(int parent, const char *name) {
  long error = sys(mkdirat, parent, name, 0755);
  if (error < 0) return (int)error;
  int folder = group_open(parent, name);
  if (folder >= 0 && is_locked_now(folder)) return folder;
  /* Another spawner swept in between. */
  if (folder >= 0) sys(close, folder);
  return -EEXIST;
}

int folder_make(int parent, bool keeps, char *name) {
  int folder = -EEXIST;
  group_each(parent, sweep);
  char *end = path_append(name, keeps ? KEEPS : ENDS);
  end = path_append(path_append_number(end, (uint64_t)sys(getpid)), "-");
  for (int i = 0; i < TRIES && folder == -EEXIST; i++) {
    path_append_number(end, now_nanoseconds());
    folder = make(parent, name);
  }
  return folder;
}
