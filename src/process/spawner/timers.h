/* One time for each run: its deadline, then that of its KILL. Few of them come to pass, so there is no heap. */
#ifndef TIMERS_H
#define TIMERS_H

#include "run.h"

/* The time at which this turn began: one look at the clock is enough for all of it. */
void turn_time_begin(void);
uint64_t turn_time(void);

/* 0: none. */
void timers_set(struct run *run, uint64_t due);
/* The loop turns then, at the latest. */
void timers_wake_at(uint64_t time);
/* Calls this for each run whose time has come, once. */
void timers_run(uint64_t now, void (*time_has_come)(struct run *run));
/* Until the next one, in milliseconds; -1: there is none. */
int timers_milliseconds(uint64_t now);

#endif
