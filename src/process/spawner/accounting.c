#include "accounting.h"

#include "folder.h"
#include "hierarchy.h"
#include "memory.h"

static pid_number node;
static bool was_enabled, node_moved, we_moved;

void accounting_set_node(pid_number pid) { node = pid; }

static bool enable(int group) { return group_write(group, "cgroup.subtree_control", "+memory") == 0; }

static bool move(pid_number pid, int group) {
  char text[GROUP_NAME_SIZE];
  path_append_number(text, (uint32_t)pid);
  return group_write(group, "cgroup.procs", text) == 0;
}

/* From source our parent may be somebody else, once Node has ended: the machine's init stays where it is. */
static bool node_is_beside_us(const char *path) {
  static char of_node[GROUP_PATH_SIZE];
  size_t size = text_length(path) + 1;
  return node > 0 && group_of_process(node, of_node) && memcmp(of_node, path, size) == 0;
}

static void move_out(const char *path, int folder) {
  if (sys(mkdirat, folder, WATCHDOG_GROUP, 0755) < 0) return;
  int group = group_open(folder, WATCHDOG_GROUP);
  if (group < 0) return;
  node_moved = node_is_beside_us(path) && move(node, group);
  we_moved = move((pid_number)sys(getpid), group);
  sys(close, group);
}

static void move_back(int own, int folder) {
  if (we_moved) move((pid_number)sys(getpid), own);
  if (node_moved) move(node, own);
  node_moved = we_moved = false;
  group_remove(folder, WATCHDOG_GROUP);
}

bool accounting_open(int own, const char *path, int folder) {
  if (!group_has_word(own, "cgroup.controllers", "memory")) return false;
  was_enabled = group_has_word(own, "cgroup.subtree_control", "memory");
  if (enable(own)) return enable(folder);
  move_out(path, folder);
  if (enable(own) && enable(folder)) return true;
  accounting_close(own, folder);
  return false;
}

void accounting_close(int own, int folder) {
  group_write(folder, "cgroup.subtree_control", "-memory");
  if (!was_enabled) group_write(own, "cgroup.subtree_control", "-memory");
  move_back(own, folder);
}
