#include "fatal.h"

#include "hunt.h"
#include "leaves.h"
#include "memory.h"
#include "orphans.h"
#include "reap.h"
#include "run.h"
#include "signals.h"

static const uint64_t PATIENCE = 2000000000, STEP = 5000000; /* nanoseconds */

/*
 * False: nobody is left. The leaders are not waited for, so that their groups' numbers stay their own; and they come first,
 * because what they leave is seen only then.
 */
static bool kill_everyone(void) {
  bool left = false;
  each_member(run, &active_runs, struct run, active) {
    if (!run->pid) continue;
    run->phase = KILLING;
    leaf_kill(run);
    if (sys(kill, -run->pid, SIGKILL) == -ESRCH) sys(kill, run->pid, SIGKILL);
    left |= !reap_has_ended(run->pid) || leaf_has_members(run);
  }
  left |= orphans_kill_all();
  return left;
}

_Noreturn void end_spawner(int exit_code) {
  uint64_t until = now_nanoseconds() + PATIENCE;
  hunt_soon();
  while (kill_everyone() && now_nanoseconds() < until) {
    signals_wait_for_child(STEP);
    hunt_in_time(now_nanoseconds());
  }
  int code = reap_node(exit_code, PATIENCE);
  leaves_close();
  for (;;) sys(exit_group, code);
}

static void say(const char *text) { sys(write, STDERR, text, text_length(text)); }

_Noreturn void fatal(const char *why) {
  say("spawner: ");
  say(why);
  say("\n");
  end_spawner(EXIT_PROTOCOL);
}
