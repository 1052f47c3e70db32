#include "brief.h"

#include "events.h"
#include "timers.h"
#include <linux/timerfd.h>

/* A program whose last words are its answer has exited by then, so that answer and exit are one frame. In nanoseconds. */
enum { BRIEFLY = 5000000 };

/* In the order in which their time comes. */
static LIST(held_runs);

static int timer;
static bool is_set;

/* Opened by whoever needs it first. False: there is none to be had. */
static bool set_timer(uint64_t nanoseconds) {
  struct __kernel_itimerspec when = {.it_value = {0, (long long)nanoseconds}};
  if (!timer) {
    long made = sys(timerfd_create, 1 /* CLOCK_MONOTONIC */, O_CLOEXEC | O_NONBLOCK);
    if (made < 0) return false;
    timer = (int)made;
    /* Nobody reads it: each time that it rings is an edge. */
    events_watch(SOURCE_BRIEF, timer, EPOLLIN | EPOLLET);
  }
  return is_set = sys(timerfd_settime, timer, 0, &when, NULL) == 0;
}

static void stop_holding(struct run *run) {
  run->start_flags &= (uint8_t)~START_HOLD;
  run_revisit(run);
}

void brief_begin(struct run *run) {
  if (!is_set && !set_timer(BRIEFLY)) {
    stop_holding(run);
    return;
  }
  run->held_until = turn_time() + BRIEFLY;
  list_append(&held_runs, &run->brief);
}

void brief_end(void) {
  is_set = false;
  while (!list_is_empty(&held_runs)) {
    struct run *run = member_of(held_runs.next, struct run, brief);
    if (run->held_until > turn_time() && set_timer(run->held_until - turn_time())) return;
    list_remove(&run->brief);
    stop_holding(run);
  }
}
