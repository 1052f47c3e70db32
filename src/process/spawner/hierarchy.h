/* Where processes are in the cgroup v2 hierarchy, and where that is mounted. */
#ifndef HIERARCHY_H
#define HIERARCHY_H

#include "groups.h"

/* Writes the path of a process's group (0: our own) as we see it, at most GROUP_PATH_SIZE bytes. False: it has none. */
bool group_of_process(pid_number pid, char *path);

/* Opens the folder of the group with this path; -1: it is mounted nowhere that we see. */
int hierarchy_open(const char *path);

#endif
