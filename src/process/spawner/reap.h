/* Who has ended. */
#ifndef REAP_H
#define REAP_H

#include "kernel.h"

/* Node, where it is our child; 0: it is not. */
void reap_set_node(pid_number node);
bool reap_is_node(pid_number pid);

/* After SIGCHLD: notes whose leader has ended, and waits for what is no leader. */
void reap(void);
/* Waits for a child that is no leader, if it has ended. Node's end is ours. */
bool reap_unknown(pid_number pid);

bool reap_has_ended(pid_number leader);
/* At the end: Node's exit code, for which its end is waited, or hurried when it takes too long; or the other one. */
int reap_node(int otherwise, uint64_t patience);

#endif
