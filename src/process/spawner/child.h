#ifndef CHILD_H
#define CHILD_H

/*
 * What the child does between clone and exec. It may share our memory while we go on: only raw system calls, only its
 * own slot, and nothing that we change meanwhile.
 */
void child_main(void *run);

/* Before the first one: who its parent is, and what the soft limit of descriptors was (NULL: not ours to give back). */
struct resource_limit;
void child_set_parent(int spawner_pid, const struct resource_limit *descriptors);

#endif
