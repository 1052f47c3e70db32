#include "terminate.h"

#include "config.h"
#include "hunt.h"
#include "leaves.h"
#include "orphans.h"
#include "output.h"
#include "timers.h"

static void signal_session(struct run *run, int signal) {
  /* Between clone and setsid there is no such group yet. */
  if (sys(kill, -run->pid, signal) == -ESRCH) sys(kill, run->pid, signal);
  orphans_signal(run, signal);
  hunt_soon();
}

static void kill_session(struct run *run) {
  run->phase = KILLING;
  timers_set(run, 0);
  leaf_kill(run);
  signal_session(run, SIGKILL);
}

void terminate(struct run *run, bool now) {
  if (run->phase == KILLING) return;
  if (now || !config.grace) {
    kill_session(run);
  } else if (run->phase == RUNNING) {
    run->phase = TERMINATING;
    timers_set(run, turn_time() + config.grace);
    signal_session(run, SIGTERM);
  }
}

void terminate_expired(struct run *run) {
  run->owes_expired = true;
  output_throw_away(run);
  terminate(run, false);
}

void terminate_in_time(struct run *run) {
  if (run->phase == RUNNING)
    terminate_expired(run);
  else
    kill_session(run);
  run_revisit(run);
}
