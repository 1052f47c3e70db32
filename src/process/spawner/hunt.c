#include "hunt.h"

#include "config.h"
#include "memory.h"
#include "orphans.h"
#include "ownership.h"
#include "reap.h"
#include "timers.h"

static const uint64_t PAUSE = 20000000, LONGEST_PAUSE = 1000000000, LONGEST_CHASE = 50000000; /* nanoseconds */

static uint64_t due, pause;

void hunt_soon(void) {
  pause = PAUSE;
  if (due) return;
  due = turn_time() + pause;
  timers_wake_at(due);
}

/* True: it was sent. The descriptor was opened before it was asked whose the process is, so it can be no other. */
static bool send_if(bool wanted, int process, int signal) {
  return wanted && sys(pidfd_send_signal, process, signal, NULL, 0) == 0;
}

static bool signal_one(pid_number pid, int process, int signal) {
  struct owner owner = find_owner(pid);
  if (owner.kind == OWNER_FINISHED) return send_if(signal != SIGTERM && !config.keep_daemons, process, signal);
  if (owner.kind != OWNER_RUN) return false;
  if (signal != SIGTERM) return send_if(owner.run->phase == KILLING, process, signal);
  /* Its group, and the orphans, had their TERM. */
  bool had_none = sys(getpgid, pid) != owner.run->pid && !orphans_know(pid);
  return send_if(owner.run->phase == TERMINATING && !owner.run->hunted && had_none, process, signal);
}

static bool consider(const char *name, int signal) {
  pid_number pid = 0;
  for (; *name >= '0' && *name <= '9'; name++) pid = pid * 10 + (*name - '0');
  if (*name || run_by_pid(pid) || reap_is_node(pid)) return false;
  int process = (int)sys(pidfd_open, pid, 0);
  if (process < 0) return false;
  bool sent = signal_one(pid, process, signal);
  sys(close, process);
  return sent;
}

/* To how many it was sent. */
static uint32_t signal_all(int signal) {
  static char buffer[8192] __attribute__((aligned(8)));
  uint32_t count = 0;
  long size;
  int processes = (int)sys(openat, AT_FDCWD, "/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (processes < 0) return 0;
  while ((size = sys(getdents64, processes, buffer, sizeof buffer)) > 0)
    for (long at = 0; at < size; at += ((struct directory_entry *)(void *)(buffer + at))->length)
      count += consider(((struct directory_entry *)(void *)(buffer + at))->name, signal);
  sys(close, processes);
  return count;
}

/* What forks faster than it can be killed is stopped first: who is stopped forks no more, but keeps its place. */
static void kill_all(void) {
  uint64_t late = now_nanoseconds() + LONGEST_CHASE;
  uint32_t before, stopped = 0;
  do {
    before = stopped;
    stopped = signal_all(SIGSTOP);
  } while (stopped > before && now_nanoseconds() < late);
  if (stopped) signal_all(SIGKILL);
}

static bool has_phase(enum phase phase) {
  bool any = false;
  each_member(run, &active_runs, struct run, active) {
    if (run->phase != phase) continue;
    run_revisit(run);
    any = true;
  }
  return any;
}

static void hunt(void) {
  if (has_phase(TERMINATING)) signal_all(SIGTERM);
  each_member(run, &active_runs, struct run, active) run->hunted |= run->phase == TERMINATING;
  if (has_phase(KILLING)) kill_all();
}

void hunt_in_time(uint64_t now) {
  if (!due) return;
  if (now < due) {
    timers_wake_at(due);
    return;
  }
  due = 0;
  hunt();
  if (!has_phase(KILLING)) return;
  uint64_t end = now_nanoseconds(), rest = 2 * (end - now);
  due = end + (rest > pause ? rest : pause);
  pause = pause * 2 < LONGEST_PAUSE ? pause * 2 : LONGEST_PAUSE;
  timers_wake_at(due);
}
