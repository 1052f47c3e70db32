/* A run's way from start to GONE. */
#ifndef PROGRESS_H
#define PROGRESS_H

#include "run.h"

/* After anything has happened to a run: whatever has become possible, in its order. The run may be over afterwards. */
void run_advance(struct run *run);

#endif
