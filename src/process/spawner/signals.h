/* Signals to the spawner are never handled, only read: so a child needs nothing but an empty mask. */
#ifndef SIGNALS_H
#define SIGNALS_H

#include "kernel.h"

/*
 * Blocks what is read, ignored or forwarded. With a Node of our own its signals are forwarded as frames; without, they
 * are none of ours. 0 or an errno.
 */
long signals_open(bool forward);
/* True: a child has ended. */
bool signals_read(void);
/* Frames for the signals that came, as far as there is room. */
void signals_forward(void);
/* Waits for a child's end, so long at most. */
void signals_wait_for_child(uint64_t nanoseconds);

#endif
