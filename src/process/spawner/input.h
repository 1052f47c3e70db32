/* The body: into the pipe before the process exists; what does not fit follows as the process reads. */
#ifndef INPUT_H
#define INPUT_H

#include "run.h"

/* 0 or an errno. The pipe is closed when it holds all of the body. */
long input_begin(struct run *run, const void *body, size_t size);
void input_continue(struct run *run);
void input_close(struct run *run);

#endif
