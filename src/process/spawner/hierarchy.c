#include "hierarchy.h"

#include "memory.h"

enum { MOUNTS_SIZE = 1 << 20 };

/* What follows this beginning, or NULL. */
static const char *after(const char *text, const char *beginning) {
  for (; *beginning; text++, beginning++)
    if (*text != *beginning) return NULL;
  return text;
}

static char *end_of(char *text, char delimiter) {
  while (*text && *text != delimiter) text++;
  return text;
}

static size_t read_all(int descriptor, char *text, size_t size) {
  size_t length = 0;
  long got;
  while (length < size - 1 && (got = sys(read, descriptor, text + length, size - 1 - length)) > 0) length += (size_t)got;
  text[length] = 0;
  return length;
}

bool group_of_process(pid_number pid, char *path) {
  static char text[2 * GROUP_PATH_SIZE];
  char name[GROUP_NAME_SIZE], *end = path_append(name, "/proc/");
  end = pid ? path_append_number(end, (uint32_t)pid) : path_append(end, "self");
  path_append(end, "/cgroup");
  int file = group_open_file(AT_FDCWD, name, O_RDONLY);
  if (file < 0) return false;
  read_all(file, text, sizeof text);
  sys(close, file);
  for (char *line = text; *line; line++) {
    char *next = end_of(line, '\n');
    const char *group = after(line, "0::/");
    if (group && next - group < GROUP_PATH_SIZE - 1) {
      *next = 0;
      path_append(path, group - 1);
      return true;
    }
    if (!*next) break;
    line = next;
  }
  return false;
}

/* Its fourth and fifth word are what of the hierarchy is mounted, and where; behind ` - ` comes the type. */
static bool find_place(char *line, const char *path, char *place) {
  char *words[6];
  bool is_cgroup2 = false;
  for (char *at = line; *at; at++) is_cgroup2 |= after(at, " - cgroup2 ") != NULL;
  if (!is_cgroup2) return false;
  for (int i = 0; i < 6; i++) {
    words[i] = line;
    line = end_of(line, ' ');
    if (!*line) return false;
    *line++ = 0;
  }
  const char *root = words[3], *rest = root[1] ? after(path, root) : path;
  if (!rest || (*rest && *rest != '/') || text_length(words[4]) + text_length(rest) >= 2 * GROUP_PATH_SIZE) return false;
  path_append(path_append(place, words[4]), rest);
  return true;
}

static bool search(char *mounts, const char *path, char *place) {
  for (char *line = mounts; *line;) {
    char *end = end_of(line, '\n');
    bool was_last = !*end;
    *end = 0;
    if (find_place(line, path, place)) return true;
    if (was_last) return false;
    line = end + 1;
  }
  return false;
}

int hierarchy_open(const char *path) {
  static char place[2 * GROUP_PATH_SIZE];
  int file = group_open_file(AT_FDCWD, "/proc/self/mountinfo", O_RDONLY);
  char *mounts = file < 0 ? NULL : map_pages(MOUNTS_SIZE);
  bool found = false;
  if (mounts) {
    read_all(file, mounts, MOUNTS_SIZE);
    found = search(mounts, path, place);
    unmap_pages(mounts, MOUNTS_SIZE);
  }
  if (file >= 0) sys(close, file);
  return found ? group_open(AT_FDCWD, place) : -1;
}
