#include "timers.h"

/* No timer is earlier than this; 0: there is none. */
static uint64_t earliest;

static uint64_t turn_began;

void turn_time_begin(void) { turn_began = now_nanoseconds(); }

uint64_t turn_time(void) { return turn_began; }

void timers_wake_at(uint64_t time) {
  if (time && (!earliest || time < earliest)) earliest = time;
}

void timers_set(struct run *run, uint64_t due) {
  run->due = due;
  timers_wake_at(due);
}

void timers_run(uint64_t now, void (*time_has_come)(struct run *run)) {
  if (!earliest || earliest > now) return;
  earliest = 0;
  each_member(run, &active_runs, struct run, active) {
    if (run->due && run->due <= now) {
      run->due = 0;
      time_has_come(run);
    }
    timers_wake_at(run->due);
  }
}

int timers_milliseconds(uint64_t now) {
  if (!earliest) return -1;
  return earliest <= now ? 0 : (int)((earliest - now) / 1000000) + 1;
}
