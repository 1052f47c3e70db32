/* `--run-healthcheck`: an image's HEALTHCHECK runs it every few seconds, so it starts no Node. */
#ifndef HEALTHCHECK_H
#define HEALTHCHECK_H

#include "start.h"

/* The exit code: 0 is healthy. */
int run_healthcheck(const struct start *start);

#endif
