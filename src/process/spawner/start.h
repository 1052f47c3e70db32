/* START: pipes, environment, clone. */
#ifndef START_H
#define START_H

#include "run.h"
#include "spawner.h"

void start_set_mode(enum clone_mode mode);

/* A run, or its EXITED with the errno. */
void start_run(const struct start_request *request);

#endif
