#include "child.h"

#include "config.h"
#include "run.h"

static pid_number spawner;
static const struct resource_limit *descriptor_limit;

void child_set_parent(int spawner_pid, const struct resource_limit *descriptors) {
  spawner = spawner_pid;
  descriptor_limit = descriptors;
}

static _Noreturn void leave(void) {
  for (;;) sys(exit_group, 127);
}

/* Its numbers are above 3: we keep 0 to 3 occupied ourselves. What is left open is closed by exec. */
static long take_descriptors(const struct run *run) {
  long error = sys(dup3, run->child_descriptors[STDIN], STDIN, 0);
  if (error >= 0) error = sys(dup3, run->child_descriptors[STDOUT], STDOUT, 0);
  int stderr_end = run->child_descriptors[run_has_flag(run, START_COMBINE) ? STDOUT : STDERR];
  if (error >= 0) error = sys(dup3, stderr_end, STDERR, 0);
  if (error >= 0 && run_has_flag(run, START_WITH_FD3))
    error = sys(dup3, run->child_descriptors[CONTROL_DESCRIPTOR], CONTROL_DESCRIPTOR, 0);
  return error < 0 ? error : 0;
}

static long set_limits(const struct run *run) {
  long error = 0;
  if (descriptor_limit) error = sys(prlimit64, 0, RLIMIT_NOFILE, descriptor_limit, NULL);
  for (uint32_t i = 0; i < run->limit_count && !error; i++) {
    struct resource_limit limit = {run->limits[i].soft, run->limits[i].hard};
    error = sys(prlimit64, 0, run->limits[i].resource, &limit, NULL);
  }
  return error;
}

/* As execvp(3): the next folder when the program is not in this one, and "no permission" if that was the best of all. */
static long execute(const struct run *run) {
  long error = -ENOENT;
  bool forbidden = false;
  for (uint32_t i = 0; i < config.candidate_count; i++) {
    uint32_t candidate = (config.first_candidate + i) % config.candidate_count;
    error = sys(execve, config.candidates[candidate], config.arguments, run->environment);
    if (error == -EACCES) forbidden = true;
    if (error != -ENOENT && error != -ENOTDIR && error != -EACCES) return error;
  }
  return forbidden ? -EACCES : error;
}

void child_main(void *argument) {
  const struct run *run = argument;
  uint64_t no_signals = 0;
  sys(setsid);
  sys(prctl, PR_SET_PDEATHSIG, SIGKILL);
  if (sys(getppid) != spawner) leave();
  long error = take_descriptors(run);
  if (!error) error = set_limits(run);
  if (!error) {
    sys(rt_sigprocmask, SIG_SETMASK, &no_signals, NULL, sizeof no_signals);
    error = execute(run);
  }
  *run_exec_error(run) = (uint32_t)-error;
  leave();
}
