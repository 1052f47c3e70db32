#include "groups.h"

#include "memory.h"

enum { ENTRY_FOLDER = 4, LIST_SIZE = 2048, FILE_SIZE = 512 };

int group_open(int parent, const char *name) {
  return (int)sys(openat, parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

int group_open_file(int group, const char *file, int flags) {
  return (int)sys(openat, group, file, flags | O_CLOEXEC);
}

long group_write(int group, const char *file, const char *text) {
  int descriptor = group_open_file(group, file, O_WRONLY);
  if (descriptor < 0) return -descriptor;
  long written = sys(write, descriptor, text, text_length(text));
  sys(close, descriptor);
  return written < 0 ? -written : 0;
}

static bool has_word(const char *text, const char *word) {
  size_t length = text_length(word);
  while (*text) {
    const char *end = text;
    while (*end && *end != ' ' && *end != '\n') end++;
    if ((size_t)(end - text) == length && memcmp(text, word, length) == 0) return true;
    text = *end ? end + 1 : end;
  }
  return false;
}

bool group_has_word(int group, const char *file, const char *word) {
  char text[FILE_SIZE];
  int descriptor = group_open_file(group, file, O_RDONLY);
  if (descriptor < 0) return false;
  long size = sys(read, descriptor, text, sizeof text - 1);
  sys(close, descriptor);
  text[size > 0 ? size : 0] = 0;
  return has_word(text, word);
}

static void visit_listed(int group, char *list, long size, void (*visit)(int parent, const char *name)) {
  for (long at = 0; at < size;) {
    struct directory_entry *entry = (void *)(list + at);
    at += entry->length;
    if (entry->type == ENTRY_FOLDER && entry->name[0] != '.') visit(group, entry->name);
  }
}

void group_each(int group, void (*visit)(int parent, const char *name)) {
  char list[LIST_SIZE] __attribute__((aligned(8)));
  long size;
  sys(lseek, group, 0, 0 /* SEEK_SET */);
  while ((size = sys(getdents64, group, list, sizeof list)) > 0) visit_listed(group, list, size, visit);
}

static void remove_too(int parent, const char *name) { (void)group_remove(parent, name); }

bool group_remove(int parent, const char *name) {
  if (sys(unlinkat, parent, name, AT_REMOVEDIR) == 0) return true;
  int group = group_open(parent, name);
  if (group < 0) return group == -ENOENT;
  group_each(group, remove_too);
  sys(close, group);
  return sys(unlinkat, parent, name, AT_REMOVEDIR) == 0;
}

char *path_append(char *to, const char *text) {
  size_t length = text_length(text);
  memcpy(to, text, length + 1);
  return to + length;
}

char *path_append_number(char *to, uint64_t number) {
  char digits[20];
  size_t count = 0;
  do digits[count++] = (char)('0' + number % 10);
  while (number /= 10);
  while (count) *to++ = digits[--count];
  *to = 0;
  return to;
}
