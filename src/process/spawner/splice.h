/*
 * Bytes of one socket that go to another without passing through Node: it hands both over, and gets them back when all that
 * it named has gone, or as soon as they do not flow by themselves. Whatever is out of the ordinary is Node's to see to.
 */
#ifndef SPLICE_H
#define SPLICE_H

#include "kernel.h"

enum splice_end { SPLICE_FROM, SPLICE_TO };

/* One of both sockets, in this order. -1: it was lost on its way. `size`: with the second, how many bytes are to go. */
void splice_take(uint32_t id, enum splice_end end, uint64_t size, int socket);
/* Nobody wants it any more; nothing is told of it. */
void splice_stop(uint32_t id);
/* One of its sockets can be read or written. */
void splice_is_ready(uint32_t slot, uint32_t id);

void splices_run(uint64_t now);
/* There is more to do at once. */
bool splices_go_on(void);

#endif
