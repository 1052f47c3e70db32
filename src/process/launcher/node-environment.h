/* Which variables reach the watchdog's own Node. */
#ifndef NODE_ENVIRONMENT_H
#define NODE_ENVIRONMENT_H

#include <stdint.h>

enum { ADDED_VARIABLES = 7 };

/*
 * Fills `to`, which has room for the container's variables, ADDED_VARIABLES more and the 0 at the end. `libraries` tells the loader
 * where Node's libraries are. Returns the number of variables.
 */
uint64_t fill_node_environment(char **container, char *libraries, char **to);

#endif
