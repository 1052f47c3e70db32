/*
 * The memory controller for our folder, where our own group may hand it down. A group that does so has no processes of its
 * own, so Node and the spawner leave it; where others stay behind there is no accounting. Without a controller nobody moves.
 */
#ifndef ACCOUNTING_H
#define ACCOUNTING_H

#include "groups.h"

/* Who Node is: our child in the image, our parent from source. */
void accounting_set_node(pid_number node);

/* Whether groups in the folder have their memory counted. `path` is our own group's. */
bool accounting_open(int own, const char *path, int folder);
/* When nothing is left in the folder. */
void accounting_close(int own, int folder);

#endif
