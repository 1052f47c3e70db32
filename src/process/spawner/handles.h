/*
 * The handle channel: pipe ends for Node, as SCM_RIGHTS beside a line of JSON that Node's own IPC understands; and in the
 * same way sockets from Node (handle-lines.h).
 */
#ifndef HANDLES_H
#define HANDLES_H

#include "run.h"

/* -1: there is none. */
void handles_open(int channel);
bool handles_are_open(void);

void handles_pass_stdin(struct run *run);
void handles_pass_stdout(struct run *run);
/* What waits, as far as the channel takes it. */
void handles_send(void);
void handles_read(void);
/* The run is over: what waits for the channel is wanted no more. */
void handles_forget(struct run *run);

#endif
