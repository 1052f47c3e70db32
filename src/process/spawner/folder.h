/*
 * The spawner's own folder in the hierarchy, below the group that it was started in. A lock on it says that its spawner
 * lives: the kernel gives it back with the process, and it means the same to spawners that do not see each other's pids.
 */
#ifndef FOLDER_H
#define FOLDER_H

#include "groups.h"

/* Where Node and the spawner are, when they had to leave their own group. */
#define WATCHDOG_GROUP "watchdog"

/*
 * Writes the name of the new folder and opens it; a negative errno when it may not be made. What dead spawners left beside
 * it is removed first. With `keeps` what lives in it is never ended by another spawner.
 */
int folder_make(int parent, bool keeps, char *name);

#endif
