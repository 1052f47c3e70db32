/*
 * A leaf in the cgroup v2 hierarchy for each run, where Node asks for it and the kernel lets us: whoever has a run's
 * process as an ancestor is in its leaf, whatever session, marker or parent it has. A leaf belongs to a slot and serves one
 * run after the other, because making and removing one takes longer than a small program runs.
 */
#ifndef LEAVES_H
#define LEAVES_H

#include "run.h"

/* What cannot be done is said in a warning; then runs are started where we are. */
void leaves_open(bool keeps);
/* The kernel refuses to start processes in a leaf. */
void leaves_give_up(void);

/* The leaf that this run's process is to be started in; 0: none. */
int leaf_prepare(const struct run *run);

/* These are for any run: without a leaf nobody is in it. */
bool leaf_has_members(const struct run *run);
void leaf_kill(const struct run *run);
/* The most memory that all of the run has had at a time; 0: it is not counted. */
uint32_t leaf_peak_kib(const struct run *run);
/* The run is over. */
void leaf_release(const struct run *run);

/* Whether a process is in a leaf of ours; its run, or NULL when that is over. */
bool leaf_find_run(pid_number pid, struct run **run);

/* The spawner's end: what is empty is removed. */
void leaves_close(void);

#endif
