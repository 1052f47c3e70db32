/*
 * The spawner as a program of its own, as Node starts it from source: the control socket is descriptor 3, the handle
 * channel is named by NODE_CHANNEL_FD. Arguments are for tests: `waiting` or `copied` forces that way to clone.
 */
#include "kernel.h"
#include "memory.h"
#include "spawner.h"

enum { CONTROL_SOCKET = 3, AUXILIARY_END = 0, AUXILIARY_PAGE_SIZE = 6 };

PROGRAM_ENTRY

/* What follows this beginning of a string, or NULL. */
static const char *after(const char *string, const char *beginning) {
  for (; *beginning; string++, beginning++)
    if (*string != *beginning) return NULL;
  return string;
}

static int to_descriptor(const char *digits) {
  int number = 0;
  if (!*digits) return -1;
  for (; *digits; digits++) {
    if (*digits < '0' || *digits > '9' || number > 100000) return -1;
    number = number * 10 + (*digits - '0');
  }
  return number;
}

static int find_handle_channel(char *const *environment) {
  for (; *environment; environment++) {
    const char *value = after(*environment, "NODE_CHANNEL_FD=");
    if (value) return to_descriptor(value);
  }
  return -1;
}

static size_t find_page_size(const unsigned long *auxiliary) {
  for (; auxiliary[0] != AUXILIARY_END; auxiliary += 2)
    if (auxiliary[0] == AUXILIARY_PAGE_SIZE) return auxiliary[1];
  return 4096;
}

static enum clone_mode to_clone_mode(const char *name) {
  if (name && after(name, "waiting")) return CLONE_WAITING;
  if (name && after(name, "copied")) return CLONE_COPIED;
  return CLONE_SHARED;
}

/* The kernel's stack: the number of arguments, the arguments, the environment, the auxiliary vector. */
__attribute__((used)) static _Noreturn void main_with_stack(const long *stack) {
  long argument_count = stack[0];
  char *const *arguments = (char *const *)(stack + 1);
  char *const *environment = arguments + argument_count + 1;
  char *const *end = environment;
  while (*end) end++;
  sys(setsid); /* signals to Node's group, Ctrl-C above all, are Node's */
  struct spawner_setup setup = {
      .control = CONTROL_SOCKET,
      .handles = find_handle_channel(environment),
      .clone_mode = to_clone_mode(argument_count > 1 ? arguments[1] : NULL),
      .page_size = find_page_size((const unsigned long *)(const void *)(end + 1)),
  };
  run_spawner(&setup);
}
