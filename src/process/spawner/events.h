/* What epoll(7) watches, and how an event finds whom it is for. */
#ifndef EVENTS_H
#define EVENTS_H

#include "run.h"

enum event_source {
  SOURCE_CONTROL,
  SOURCE_SIGNALS,
  SOURCE_HANDLES,
  SOURCE_BRIEF,
  SOURCE_SPLICE,
  SOURCE_RUN, /* plus the descriptor, 0 to 3 */
};

struct event {
  uint32_t flags;
  uint32_t source;
  uint32_t slot, generation;
};

enum { EVENTS_AT_ONCE = 64 };

long events_open(void);
long events_watch(enum event_source source, int descriptor, uint32_t flags);
void events_change(enum event_source source, int descriptor, uint32_t flags);
void events_forget(int descriptor);

/*
 * Edge triggered: a pipe end that a child holds until its exec would otherwise tell of its hang-up for ever. An edge is
 * told once, so whoever stops reading remembers that there is more.
 */
/* 0 or an errno. */
long events_watch_run(const struct run *run, int descriptor, int pipe_end, uint32_t flags);

long events_watch_splice(uint32_t slot, uint32_t id, int socket, uint32_t flags);

/* NULL: it is over, and the descriptor lived on in a child that had not come to its exec. */
struct run *event_run(const struct event *event);
int event_descriptor(const struct event *event);

/* Waits up to so many milliseconds (-1: for ever); gives the number of events. */
int events_wait(struct event *events, int milliseconds);

#endif
