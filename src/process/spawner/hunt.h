/*
 * What is left of a run that is being ended and hangs from a parent that still lives: neither in its group nor a child of
 * ours. All of /proc is looked through for the session or the marker, but only while an end takes its time.
 */
#ifndef HUNT_H
#define HUNT_H

#include "kernel.h"

/* A run is being ended: look a little later whether that was enough. */
void hunt_soon(void);
void hunt_in_time(uint64_t now);

#endif
