/* A run's environment: the base, its request's variables over it, and the marker by which its processes are found. */
#ifndef ENVIRONMENT_H
#define ENVIRONMENT_H

#include "run.h"

/* Keeps the strings. Of two with one name the first counts, as for getenv(3). False: no memory. */
bool environment_set_base(char **variables, uint32_t count);
/* The base's value for this name, which ends in `=`. */
const char *environment_base_value(const char *name, const char *otherwise);

/* One entry for each name: the request's wins, the last of two. 0 or an errno. */
long environment_build(struct run *run, const struct strings *variables);

/* Whether this variable is a marker of this spawner's, and of which run. */
bool environment_read_marker(const char *variable, size_t length, uint32_t *id);

#endif
