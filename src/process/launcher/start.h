/* What the kernel hands to a program: arguments, environment and facts about the machine, in one block on the stack. */
#ifndef START_H
#define START_H

#include <stdint.h>

struct auxiliary {
  uint64_t key;
  uint64_t value;
};

struct start {
  uint64_t argument_count;
  char **arguments;
  char **environment;
  struct auxiliary *auxiliaries; /* ended by AT_NULL */
};

struct start read_start(uint64_t *stack);

/* The value of an environment variable, or 0. */
const char *variable(const struct start *start, const char *name);

/* A fact about the machine, or 0. */
uint64_t auxiliary(const struct start *start, uint64_t key);

#endif
