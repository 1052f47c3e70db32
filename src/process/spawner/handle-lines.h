/*
 * What Node sends over the handle channel, a line of JSON each: acknowledgements, which are forgotten, and what is about a
 * splice: `"splice":[id,end,size]`, with a socket beside it for an end, and without one to stop.
 */
#ifndef HANDLE_LINES_H
#define HANDLE_LINES_H

#include <stdbool.h>
#include <stdint.h>

/* False: the channel has ended. */
bool handle_lines_read(int channel);

/* Sockets that came and were not acknowledged. */
extern uint32_t handle_lines_owed;

#endif
