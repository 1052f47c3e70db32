#include "start.h"

#include "child.h"
#include "config.h"
#include "control.h"
#include "environment.h"
#include "events.h"
#include "handles.h"
#include "input.h"
#include "leaves.h"
#include "memory.h"
#include "timers.h"

static enum clone_mode mode;

void start_set_mode(enum clone_mode wanted) { mode = wanted; }

static void refuse(uint32_t id, long error) {
  struct bill bill = {0};
  struct frame exited = {
      .type = FRAME_EXITED, .id = id, .flags = EXITED_EXEC_FAILED | EXITED_GONE, .a = (uint16_t)error};
  control_emit(&exited, &bill, sizeof bill);
}

static long make_pipe(int *read_end, int *write_end) {
  int ends[2];
  long error = sys(pipe2, ends, O_CLOEXEC);
  if (error < 0) return -error;
  *read_end = ends[0];
  *write_end = ends[1];
  return 0;
}

static long make_output(struct run *run, int descriptor) {
  struct output *output = run_output(run, descriptor);
  long error = make_pipe(&output->descriptor, &run->child_descriptors[descriptor]);
  if (error) return error;
  output->state = OUTPUT_OPEN;
  sys(fcntl, output->descriptor, F_SETFL, O_NONBLOCK);
  return events_watch_run(run, descriptor, output->descriptor, EPOLLIN);
}

static long make_pipes(struct run *run) {
  long error = make_pipe(&run->child_descriptors[STDIN], &run->stdin_descriptor);
  if (!error) error = make_output(run, STDOUT);
  if (!error && !run_has_flag(run, START_COMBINE)) error = make_output(run, STDERR);
  if (!error && run_has_flag(run, START_WITH_FD3)) error = make_output(run, CONTROL_DESCRIPTOR);
  return error;
}

static void close_child_ends(struct run *run) {
  for (int i = 0; i < 4; i++)
    if (run->child_descriptors[i]) sys(close, run->child_descriptors[i]);
}

static void close_our_ends(struct run *run) {
  if (run->stdin_descriptor >= 0) sys(close, run->stdin_descriptor);
  for (int i = 0; i < 3; i++)
    if (run->outputs[i].state == OUTPUT_OPEN) sys(close, run->outputs[i].descriptor);
}

static const unsigned long clone_flags[] = {
    [CLONE_SHARED] = CLONE_VM,
    [CLONE_WAITING] = CLONE_VM | CLONE_VFORK,
    [CLONE_COPIED] = 0,
};

/* 0: it goes without. */
static long clone_in_leaf(struct run *run) {
  int leaf = leaf_prepare(run);
  if (!leaf) return 0;
  struct clone_args how = {
      .flags = clone_flags[mode] | CLONE_INTO_CGROUP,
      .exit_signal = SIGCHLD,
      .stack = (uintptr_t)run_stack_top(run) - STACK_SIZE,
      .stack_size = STACK_SIZE,
      .cgroup = (uint32_t)leaf,
  };
  long pid = clone_as(&how, sizeof how, child_main, run);
  run->in_leaf = pid > 0;
  if (pid > 0 || pid == -EAGAIN || pid == -ENOMEM) return pid;
  leaves_give_up(); /* an old kernel, a filter of system calls, a group that may not be left */
  return 0;
}

static long clone_child(struct run *run) {
  long in_leaf = clone_in_leaf(run);
  if (in_leaf) return in_leaf;
  for (;;) {
    long pid = clone_on_stack(clone_flags[mode] | SIGCHLD, run_stack_top(run), child_main, run);
    if ((pid != -EINVAL && pid != -ENOSYS) || mode == CLONE_COPIED) return pid;
    mode++; /* an emulated kernel: qemu-user, gVisor */
  }
}

static long prepare(struct run *run, const struct start_request *request) {
  run->start_flags = request->flags;
  run->limit_count = request->limit_count;
  memcpy(run->limits, request->limits, request->limit_count * sizeof *run->limits);
  if (!run_has_flag(run, START_BODY_COMPLETE) && !handles_are_open()) return ENOTCONN;
  long error = environment_build(run, &request->variables);
  if (!error) error = make_pipes(run);
  if (!error && run_has_flag(run, START_BODY_COMPLETE)) error = input_begin(run, request->body, request->body_size);
  return error;
}

void start_run(const struct start_request *request) {
  uint64_t asked_at = turn_time();
  long error = 0;
  struct run *run = run_allocate(request->id, &error);
  if (!run) {
    refuse(request->id, error);
    return;
  }
  error = prepare(run, request);
  long pid = error ? 0 : clone_child(run);
  close_child_ends(run);
  if (error || pid < 0) {
    refuse(request->id, error ? error : -pid);
    close_our_ends(run);
    run_release(run);
    return;
  }
  run_remember_pid(run, (pid_number)pid);
  run->asked_at = asked_at;
  run->started_at = now_nanoseconds();
  if (request->deadline_ms) timers_set(run, asked_at + request->deadline_ms * 1000000ULL);
  if (run_has_flag(run, START_BODY_COMPLETE))
    input_continue(run);
  else
    handles_pass_stdin(run);
}
