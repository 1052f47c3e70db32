/* What the process writes: read as long as Node takes it; held, passed on, thrown away, or handed over as a pipe. */
#ifndef OUTPUT_H
#define OUTPUT_H

#include "run.h"

/* As epoll(7) says it. */
void output_is_ready(struct run *run, int descriptor, uint32_t events);
/* False: there is more, and it waits for room or for its turn. */
bool output_read(struct run *run);
/* Nothing that was written to descriptor 3 before the last output_read is still to come. */
bool output_control_is_read(struct run *run);
/* Nobody of this run is left: what is still in the pipes beside stdout's. */
bool output_read_last(struct run *run);
void output_close(struct run *run);
/* Nobody wants stdout any more. It is still read, so that a process which says goodbye does not die of SIGPIPE. */
void output_throw_away(struct run *run);
/* Node's end of stdout has ended. */
void output_closed_by_node(struct run *run);

#endif
