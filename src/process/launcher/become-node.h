/* Turns this process into Node, with no execve: its program lies inside of another file. */
#ifndef BECOME_NODE_H
#define BECOME_NODE_H

#include "payload.h"
#include "start.h"

__attribute__((noreturn)) void become_node(const struct start *start, struct payload *payload);

#endif
