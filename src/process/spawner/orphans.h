/*
 * What a session leaves behind, in its group or out of it. The kernel makes us the parent of whatever has lost its own,
 * so all that is left of a run whose leader has ended hangs from children of ours that we did not start. Their numbers
 * are their own until we wait for them: signals to them are exact.
 */
#ifndef ORPHANS_H
#define ORPHANS_H

#include "run.h"

/* Then the warning, where the kernel does not let us have orphans, or see them. */
void orphans_open(void);
void orphans_warn(void);

/* Whether anything of this run is left besides its leader, which has ended. New orphans get what their run got. */
bool orphans_left(struct run *run);
bool orphans_know(pid_number pid);
/* To those known to be this run's that are not in its group. */
void orphans_signal(struct run *run, int signal);
/* Waits for those that have ended. */
void orphans_reap(void);
/* This number was waited for: it may be anybody's now. */
void orphans_forget(pid_number pid);

/* Of those without a marker nobody knows whose they are: they die with the last of the runs that were there at first. */
void orphans_run_is_over(void);
void orphans_in_time(uint64_t now);

/* Whether there were any. Daemons that were to be kept are not asked. */
bool orphans_kill_all(void);

#endif
