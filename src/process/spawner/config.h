/* What is the same for every run: the program, its arguments, and the environment that each request's own is laid over. */
#ifndef CONFIG_H
#define CONFIG_H

#include <stdbool.h>

#include "frames.h"

struct config {
  bool known;
  bool keep_daemons;
  uint64_t grace; /* between TERM and KILL, in nanoseconds */
  uint32_t passed_pipe_size;
  const char *marker; /* without a run's id */
  size_t marker_length;
  char **arguments;
  /* Where the program may be: as the name says it, or each folder of PATH. The one to try first is a guess. */
  char **candidates;
  uint32_t candidate_count, first_candidate;
};

extern struct config config;

/* False: no memory. */
bool config_read(const struct config_request *request);

#endif
