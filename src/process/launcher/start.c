#include "start.h"

#include <linux/auxvec.h>

#include "text.h"

struct start read_start(uint64_t *stack) {
  struct start start = {.argument_count = stack[0], .arguments = (char **)(stack + 1)};
  start.environment = start.arguments + start.argument_count + 1;
  char **end = start.environment;
  while (*end) end++;
  start.auxiliaries = (struct auxiliary *)(end + 1);
  return start;
}

const char *variable(const struct start *start, const char *name) {
  for (char **entry = start->environment; *entry; entry++) {
    const char *rest = text_after(*entry, name);
    if (rest && *rest == '=') return rest + 1;
  }
  return 0;
}

uint64_t auxiliary(const struct start *start, uint64_t key) {
  for (struct auxiliary *entry = start->auxiliaries; entry->key != AT_NULL; entry++)
    if (entry->key == key) return entry->value;
  return 0;
}
