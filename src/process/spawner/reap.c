#include "reap.h"

#include "fatal.h"
#include "memory.h"
#include "orphans.h"
#include "progress.h"
#include "run.h"
#include "signals.h"
#include "timers.h"

enum { CODE_EXITED = 1, CODE_DUMPED = 3 };

static pid_number node;

void reap_set_node(pid_number pid) { node = pid; }

bool reap_is_node(pid_number pid) { return pid == node; }

static int to_wait_status(const struct wait_info *info) {
  if (info->code == CODE_EXITED) return (info->status & 0xff) << 8;
  return info->status | (info->code == CODE_DUMPED ? 0x80 : 0);
}

/* It cannot say so itself: it was killed from outside, or for its memory, or has crashed. */
static void report_signal(int signal) {
  char line[] = "spawner: Node was ended by signal 00\n";
  char *digits = line + sizeof line - 4;
  digits[0] = (char)('0' + signal / 10);
  digits[1] = (char)('0' + signal % 10);
  if (signal < 10) memmove(digits, digits + 1, 3);
  sys(write, STDERR, line, text_length(line));
}

static int to_exit_code(int status) { return status & 0x7f ? 128 + (status & 0x7f) : status >> 8 & 0xff; }

/* A look that leaves the zombie as it is. 0: none has ended. */
static pid_number peek(int which, pid_number pid, struct wait_info *info, struct rusage *usage) {
  info->pid = 0;
  long error = sys(waitid, which, pid, info, WEXITED | WNOHANG | WNOWAIT | __WNOTHREAD, usage);
  return error < 0 ? 0 : info->pid;
}

static void note_end(struct run *run, const struct wait_info *info, const struct rusage *usage) {
  run->leader_ended = true;
  run->ended_at = turn_time();
  run->status = to_wait_status(info);
  run->usage = *usage;
  run_advance(run);
}

bool reap_unknown(pid_number pid) {
  int status;
  if (sys(wait4, pid, &status, WNOHANG, NULL) != pid) return false;
  orphans_forget(pid);
  if (pid == node) {
    node = 0;
    if (status & 0x7f) report_signal(status & 0x7f);
    end_spawner(to_exit_code(status));
  }
  return true;
}

/* A zombie that has to stay hides those behind it, so each is asked. Its own orphans may have ended, too. */
static void reap_each(void) {
  struct wait_info info;
  struct rusage usage = {0};
  each_member(run, &active_runs, struct run, active) {
    if (run->leader_ended) run_revisit(run);
    else if (peek(P_PID, run->pid, &info, &usage)) note_end(run, &info, &usage);
  }
}

void reap(void) {
  struct wait_info info;
  struct rusage usage = {0};
  pid_number pid;
  orphans_reap();
  while ((pid = peek(P_ALL, 0, &info, &usage))) {
    struct run *run = run_by_pid(pid);
    if (run && run->leader_ended) {
      reap_each();
      return;
    }
    if (run) note_end(run, &info, &usage);
    else reap_unknown(pid);
  }
}

bool reap_has_ended(pid_number leader) {
  struct wait_info info;
  return peek(P_PID, leader, &info, NULL) == leader;
}

int reap_node(int otherwise, uint64_t patience) {
  int status = 0;
  if (!node) return otherwise;
  for (uint64_t until = now_nanoseconds() + patience; sys(wait4, node, &status, WNOHANG, NULL) == 0;) {
    if (now_nanoseconds() > until) sys(kill, node, SIGKILL);
    signals_wait_for_child(5000000);
  }
  if (status & 0x7f) report_signal(status & 0x7f);
  return otherwise ? otherwise : to_exit_code(status);
}
