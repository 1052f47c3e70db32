#include "progress.h"

#include "config.h"
#include "control.h"
#include "handles.h"
#include "input.h"
#include "leaves.h"
#include "memory.h"
#include "orphans.h"
#include "output.h"
#include "terminate.h"

static void emit_expired(struct run *run) {
  struct frame expired = {.type = FRAME_EXPIRED, .id = run->id};
  control_emit(&expired, NULL, 0);
  run->owes_expired = false;
}

static uint64_t micros(const struct __kernel_old_timeval *time) {
  return (uint64_t)time->tv_sec * 1000000 + (uint64_t)time->tv_usec;
}

/* A leaf's is that of all its processes together, but without what they share with others: the larger one counts. */
static uint32_t peak_memory(const struct run *run) {
  uint32_t of_leaf = leaf_peak_kib(run), of_largest = (uint32_t)run->usage.ru_maxrss;
  return of_leaf > of_largest ? of_leaf : of_largest;
}

static struct bill make_bill(const struct run *run) {
  return (struct bill){
      .pid = (uint32_t)run->pid,
      .peak_memory_kib = peak_memory(run),
      .start_micros = (uint32_t)((run->started_at - run->asked_at) / 1000),
      .user_micros = micros(&run->usage.ru_utime),
      .system_micros = micros(&run->usage.ru_stime),
      .wall_micros = (run->ended_at - run->started_at) / 1000,
  };
}

static void emit_exited(struct run *run, bool gone) {
  uint32_t error = *run_exec_error(run);
  struct bill bill = make_bill(run);
  struct frame exited = {
      .type = FRAME_EXITED,
      .id = run->id,
      .flags = (uint8_t)((error ? EXITED_EXEC_FAILED : 0) | (gone ? EXITED_GONE : 0)),
      .a = (uint16_t)error,
      .b = (uint32_t)run->status,
  };
  uint8_t *payload = control_reserve(sizeof bill + run->held);
  memcpy(payload, &bill, sizeof bill);
  memcpy(payload + sizeof bill, run_held_output(run), run->held);
  control_commit(&exited, sizeof bill + run->held);
  run->held = 0;
  run->exited_told = true;
}

static void emit_gone(struct run *run) {
  struct frame gone = {.type = FRAME_GONE, .id = run->id};
  control_emit(&gone, NULL, 0);
}

/*
 * The answer waits for the end of stdout, whoever holds it, unless nobody wants it or Node reads it himself; and for what
 * was said about it on descriptor 3.
 */
static bool has_answer(struct run *run) {
  if (!run->leader_ended || run->phase != RUNNING) return run->leader_ended;
  return run_output(run, STDOUT)->state != OUTPUT_OPEN && output_control_is_read(run);
}

/* A new Linux may take who has ended out of the leaf a moment after it told us: then the hunt looks once more. */
static bool is_anybody_left(struct run *run) {
  bool orphans = orphans_left(run);
  return leaf_has_members(run) || orphans;
}

static bool is_gone(struct run *run) {
  if (run->phase != RUNNING) return !is_anybody_left(run);
  if (run_output(run, STDOUT)->state == OUTPUT_PASSED) return false;
  return config.keep_daemons || !is_anybody_left(run);
}

/* From here on its number may be somebody else's. */
static void wait_for_leader(struct run *run) {
  while (sys(wait4, run->pid, NULL, 0, &run->usage) == -EINTR) continue;
}

static void finish(struct run *run) {
  input_close(run);
  output_close(run);
  handles_forget(run);
  leaf_release(run);
  run_release(run);
  orphans_run_is_over();
}

void run_advance(struct run *run) {
  if (!control_has_room()) {
    run_revisit(run);
    return;
  }
  if (run->owes_expired) emit_expired(run);
  if (!output_read(run)) run_revisit(run);
  if (!has_answer(run)) return;

  bool gone = is_gone(run);
  bool left_something = !gone && run->phase == RUNNING && run_output(run, STDOUT)->state == OUTPUT_ENDED;
  if ((gone && !output_read_last(run)) || !control_has_room()) {
    run_revisit(run);
    return;
  }
  if (gone) wait_for_leader(run);
  if (!run->exited_told)
    emit_exited(run, gone);
  else if (gone)
    emit_gone(run);
  if (left_something) terminate(run, false);
  if (gone) finish(run);
}
