#include "leaves.h"

#include "accounting.h"
#include "control.h"
#include "folder.h"
#include "hierarchy.h"
#include "memory.h"
#include "timers.h"

enum {
  /* As many as slots that keep their pages. */
  WARM_LEAVES = 64,
  EVENTS_SIZE = 64,
};

static const char EMPTY[] = "populated 0\nfrozen 0\n";
static const uint64_t SWEEP_PAUSE = 1000000000; /* nanoseconds */

/* Descriptors; 0: none. */
struct leaf {
  int group, events, peak;
  uint32_t number; /* so that a leaf that was left behind is nobody's */
};

static struct leaf leaves[RUN_LIMIT];
static uint32_t last_number;
static int own, folder;
static char folder_name[GROUP_NAME_SIZE], folder_path[GROUP_PATH_SIZE + GROUP_NAME_SIZE];
static bool in_use, counts_memory, was_warned;
/* Some leaf outlived its run: daemons that are kept. */
static bool left_behind;
static uint64_t next_sweep;

static void warn(const char *text) {
  if (!was_warned) control_warn(text);
  was_warned = true;
}

void leaves_open(bool keeps) {
  int parent = group_of_process(0, folder_path) ? hierarchy_open(folder_path) : -1;
  int made = parent < 0 ? parent : folder_make(parent, keeps, folder_name);
  if (parent < 0) {
    warn("cgroups: there is no cgroup v2 hierarchy here: what is left of a run is found without");
    return;
  }
  if (made < 0) {
    sys(close, parent);
    warn("cgroups: the cgroup v2 hierarchy may not be written here: what is left of a run is found without");
    return;
  }
  own = parent;
  folder = made;
  in_use = true;
  counts_memory = accounting_open(own, folder_path, folder);
  char *end = folder_path + text_length(folder_path);
  if (end[-1] != '/') end = path_append(end, "/");
  path_append(path_append(end, folder_name), "/");
}

void leaves_give_up(void) {
  in_use = false;
  warn("cgroups: the kernel starts no process in a group here: what is left of a run is found without");
}

static void write_name(char *name, uint32_t slot, uint32_t number) {
  path_append_number(path_append(path_append_number(name, slot), "-"), number);
}

static void forget(struct leaf *leaf) {
  if (leaf->group > 0) sys(close, leaf->group);
  if (leaf->events > 0) sys(close, leaf->events);
  if (leaf->peak > 0) sys(close, leaf->peak);
  *leaf = (struct leaf){0};
}

static void discard(struct leaf *leaf) {
  char name[GROUP_NAME_SIZE];
  write_name(name, (uint32_t)(leaf - leaves), leaf->number);
  forget(leaf);
  left_behind |= !group_remove(folder, name);
}

/* Before Linux 6.12 a peak cannot be reset, and its file cannot be written: such a leaf serves once. */
static bool reset_peak(const struct leaf *leaf) { return sys(write, leaf->peak, "0", 1) == 1; }

static int open_peak(int group) {
  int peak = group_open_file(group, "memory.peak", O_RDWR);
  return peak == -EACCES || peak == -EINVAL ? group_open_file(group, "memory.peak", O_RDONLY) : peak;
}

static bool make(struct leaf *leaf) {
  char name[GROUP_NAME_SIZE];
  leaf->number = ++last_number;
  write_name(name, (uint32_t)(leaf - leaves), leaf->number);
  if (sys(mkdirat, folder, name, 0755) < 0) return false;
  leaf->group = group_open(folder, name);
  leaf->events = leaf->group < 0 ? -1 : group_open_file(leaf->group, "cgroup.events", O_RDONLY);
  if (leaf->events >= 0 && counts_memory) leaf->peak = open_peak(leaf->group);
  return leaf->events > 0;
}

int leaf_prepare(const struct run *run) {
  struct leaf *leaf = &leaves[run->index];
  if (!in_use || leaf->group) return in_use ? leaf->group : 0;
  if (make(leaf)) return leaf->group;
  discard(leaf);
  warn("cgroups: a group could not be made, and its run went without");
  return 0;
}

/* Text of the file; it fits, and an error is "somebody is there". */
static bool is_empty(const struct leaf *leaf, bool as_new) {
  char text[EVENTS_SIZE];
  size_t expected = as_new ? sizeof EMPTY - 1 : sizeof "populated 0" - 1;
  long size = sys(pread64, leaf->events, text, sizeof text, 0);
  return size >= (long)expected && memcmp(text, EMPTY, expected) == 0;
}

bool leaf_has_members(const struct run *run) { return run->in_leaf && !is_empty(&leaves[run->index], false); }

void leaf_kill(const struct run *run) {
  /* Before Linux 5.14 there is no such file. */
  if (run->in_leaf) group_write(leaves[run->index].group, "cgroup.kill", "1");
}

uint32_t leaf_peak_kib(const struct run *run) {
  char text[EVENTS_SIZE];
  uint64_t bytes = 0;
  int peak = run->in_leaf ? leaves[run->index].peak : 0;
  long size = peak > 0 ? sys(pread64, peak, text, sizeof text, 0) : 0;
  for (long i = 0; i < size && text[i] >= '0' && text[i] <= '9'; i++) bytes = bytes * 10 + (uint64_t)(text[i] - '0');
  return (uint32_t)(bytes / 1024);
}

/* What the run made in its leaf may keep processes from being started there. */
static bool has_groups(const struct leaf *leaf) {
  struct statx status;
  long error = sys(statx, leaf->group, "", AT_EMPTY_PATH, STATX_NLINK, &status);
  return error < 0 || status.stx_nlink > 2;
}

static bool can_serve_again(const struct leaf *leaf) {
  return leaf - leaves < WARM_LEAVES && is_empty(leaf, true) && !has_groups(leaf) && (!leaf->peak || reset_peak(leaf));
}

static const char *read_number(const char *text, uint32_t *number) {
  for (*number = 0; *text >= '0' && *text <= '9'; text++) *number = *number * 10 + (uint32_t)(*text - '0');
  return text;
}

/* Whether it is the name of a leaf, and its slot, or RUN_LIMIT when it was left behind. */
static bool read_name(const char *name, uint32_t *slot) {
  uint32_t number;
  const char *end = read_number(name, slot);
  if (end == name || *end != '-') return false;
  read_number(end + 1, &number);
  if (*slot >= RUN_LIMIT || leaves[*slot].number != number) *slot = RUN_LIMIT;
  return true;
}

static void remove_unowned(int parent, const char *name) {
  uint32_t slot;
  if (read_name(name, &slot) && slot == RUN_LIMIT) left_behind |= !group_remove(parent, name);
}

static void sweep(void) {
  left_behind = false;
  group_each(folder, remove_unowned);
}

void leaf_release(const struct run *run) {
  if (!run->in_leaf) return;
  if (!can_serve_again(&leaves[run->index])) discard(&leaves[run->index]);
  if (!left_behind || turn_time() < next_sweep) return;
  next_sweep = turn_time() + SWEEP_PAUSE;
  sweep();
}

bool leaf_find_run(pid_number pid, struct run **run) {
  static char path[GROUP_PATH_SIZE];
  size_t length = text_length(folder_path);
  uint32_t slot;
  if (!folder || !group_of_process(pid, path)) return false;
  bool is_below = text_length(path) > length && memcmp(path, folder_path, length) == 0;
  if (!is_below || !read_name(path + length, &slot)) return false;
  *run = run_in_slot(slot);
  return true;
}

void leaves_close(void) {
  if (!folder) return;
  for (uint32_t slot = 0; slot < RUN_LIMIT; slot++)
    if (leaves[slot].number) discard(&leaves[slot]);
  sweep();
  accounting_close(own, folder);
  group_remove(own, folder_name);
}
