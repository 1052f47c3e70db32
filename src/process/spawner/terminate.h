/* TERM, grace, KILL. As long as the leader is not waited for, kill(-pid) meets its group and nobody else's. */
#ifndef TERMINATE_H
#define TERMINATE_H

#include "run.h"

/* Ends the session; a second call may hurry. */
void terminate(struct run *run, bool now);
/* The deadline is over: the answer leaves before anything has died. */
void terminate_expired(struct run *run);
/* The time of timers_set has come. */
void terminate_in_time(struct run *run);

#endif
