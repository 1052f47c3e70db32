/*
 * Output that is held briefly. All runs share one timer, which is set when it has rung and not for each of them: a wait
 * of so few milliseconds costs the processor more to set up than the rest of a small run does.
 */
#ifndef BRIEF_H
#define BRIEF_H

#include "run.h"

/* From now on; afterwards the run does not hold its output any more and is revisited. */
void brief_begin(struct run *run);
/* The timer has rung. */
void brief_end(void);

#endif
