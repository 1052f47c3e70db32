/* Whose a process is that we did not start. */
#ifndef OWNERSHIP_H
#define OWNERSHIP_H

#include "run.h"

enum owner_kind {
  OWNER_RUN,      /* a run that is not over */
  OWNER_FINISHED, /* a run that is over */
  OWNER_UNKNOWN,  /* in a session of its own, without a marker: `env -i setsid` */
  OWNER_NOBODY,   /* no run's: it was there before, or came from outside of the container */
};

struct owner {
  enum owner_kind kind;
  struct run *run;
};

struct owner find_owner(pid_number pid);

#endif
