#include "output.h"

#include "brief.h"
#include "control.h"
#include "events.h"
#include "handles.h"
#include "memory.h"

enum {
  READ_SIZE = 64 << 10,
  /* After so much in one turn the others have theirs. */
  TURN_SIZE = 64 << 10,
  /* Of stdout in frames; then the pipe is handed to Node. */
  FRAMES_LIMIT = 64 << 10,
};

static uint8_t waste[READ_SIZE];

static void end_output(struct output *output) {
  sys(close, output->descriptor);
  output->state = OUTPUT_ENDED;
}

void output_is_ready(struct run *run, int descriptor, uint32_t events) {
  struct output *output = run_output(run, descriptor);
  output->hung_up |= (events & EPOLLHUP) != 0;
  /* Mostly nothing was ever written to stderr: then its end needs no read. */
  bool is_empty = descriptor != STDOUT && !output->readable && !(events & EPOLLIN);
  if (output->state == OUTPUT_OPEN && output->hung_up && is_empty) end_output(output);
  else output->readable = true;
}

/* One read. What is behind it is in the output's state: ended, not readable for now, or neither. */
static size_t read_some(struct output *output, void *to, size_t size) {
  long result = sys(read, output->descriptor, to, size);
  if (result == -EINTR) return 0;
  if (result == -EAGAIN) {
    output->readable = false;
    return 0;
  }
  if (result <= 0 || (output->hung_up && (size_t)result < size)) end_output(output);
  return result < 0 ? 0 : (size_t)result;
}

static bool is_holding(const struct run *run) { return run_has_flag(run, START_HOLD) && run->stdout_sent == 0; }

static size_t hold(struct run *run) {
  bool is_first = run->held == 0;
  size_t size = read_some(run_output(run, STDOUT), run_held_output(run) + run->held, HELD_SIZE - run->held);
  run->held += size;
  if (is_first && size && run_has_flag(run, START_BRIEFLY)) brief_begin(run);
  return size;
}

static void emit_held(struct run *run) {
  bool ended = run_output(run, STDOUT)->state == OUTPUT_ENDED && !run->leader_ended;
  struct frame out = {.type = FRAME_OUT, .id = run->id, .flags = ended ? OUT_END : 0, .a = STDOUT};
  control_emit(&out, run_held_output(run), run->held);
  run->stdout_sent += run->held;
  run->held = 0;
}

/* There is room. The read goes straight into the buffer that is written to Node. */
static size_t pass_on(struct run *run, int descriptor, size_t limit) {
  struct output *output = run_output(run, descriptor);
  size_t size = read_some(output, control_reserve(limit), limit);
  /* The exit says the end, too; but while the process runs, a reader of stdout may want to know. */
  bool ended = descriptor == STDOUT && output->state == OUTPUT_ENDED && !run->leader_ended;
  struct frame out = {.type = FRAME_OUT, .id = run->id, .flags = ended ? OUT_END : 0, .a = (uint16_t)descriptor};
  if (size || ended) control_commit(&out, size);
  return size;
}

static void hand_over(struct run *run) {
  struct frame passed = {.type = FRAME_PASSED, .id = run->id, .a = STDOUT};
  control_emit(&passed, NULL, 0);
  run_output(run, STDOUT)->state = OUTPUT_PASSED;
  handles_pass_stdout(run);
}

static size_t read_stdout(struct run *run) {
  if (run->thrown_away) return read_some(run_output(run, STDOUT), waste, sizeof waste);
  if (is_holding(run) && run->held < HELD_SIZE) return hold(run);
  if (run->held) emit_held(run);
  if (!handles_are_open()) return pass_on(run, STDOUT, READ_SIZE);
  if (run->stdout_sent < FRAMES_LIMIT) {
    size_t size = pass_on(run, STDOUT, FRAMES_LIMIT - run->stdout_sent);
    run->stdout_sent += size;
    return size;
  }
  hand_over(run);
  return 0;
}

static bool needs_room(const struct run *run, int descriptor) {
  if (descriptor != STDOUT) return true;
  return !run->thrown_away && !(is_holding(run) && run->held < HELD_SIZE);
}

static bool read_output(struct run *run, int descriptor) {
  struct output *output = run_output(run, descriptor);
  size_t size = 0;
  while (output->state == OUTPUT_OPEN && output->readable) {
    if (size >= TURN_SIZE) return false;
    if (needs_room(run, descriptor) && !control_has_room_for_output()) return false;
    size += descriptor == STDOUT ? read_stdout(run) : pass_on(run, descriptor, READ_SIZE);
  }
  return true;
}

/* False: there is no room. */
static bool release_held(struct run *run) {
  if (!run->held || run_has_flag(run, START_HOLD)) return true;
  if (!control_has_room_for_output()) return false;
  emit_held(run);
  return true;
}

/*
 * What comes on descriptor 3 is about what comes on stdout, or about the exit: it is read first, told of or not, so that
 * neither overtakes what was written before it.
 */
bool output_read(struct run *run) {
  run_output(run, CONTROL_DESCRIPTOR)->readable = true;
  bool control_is_read = read_output(run, CONTROL_DESCRIPTOR);
  bool done = control_is_read && release_held(run) && read_output(run, STDOUT);
  return read_output(run, STDERR) && done;
}

bool output_control_is_read(struct run *run) {
  struct output *control = run_output(run, CONTROL_DESCRIPTOR);
  return control->state != OUTPUT_OPEN || !control->readable;
}

/* A daemon that is kept may hold the pipe and write on: only what is in it now is the run's. */
static bool read_last(struct run *run, int descriptor) {
  struct output *output = run_output(run, descriptor);
  if (output->state == OUTPUT_OPEN && !output->is_last) {
    sys(ioctl, output->descriptor, FIONREAD, &output->last_size);
    output->is_last = true;
  }
  while (output->state == OUTPUT_OPEN && output->last_size) {
    if (!control_has_room_for_output()) return false;
    size_t size = pass_on(run, descriptor, output->last_size < READ_SIZE ? output->last_size : READ_SIZE);
    if (!size) return true;
    output->last_size -= (uint32_t)size;
  }
  return true;
}

bool output_read_last(struct run *run) {
  return read_last(run, STDERR) && read_last(run, CONTROL_DESCRIPTOR);
}

void output_close(struct run *run) {
  for (int i = 0; i < 3; i++) {
    if (run->outputs[i].state == OUTPUT_OPEN) sys(close, run->outputs[i].descriptor);
    run->outputs[i].state = OUTPUT_ENDED;
  }
}

void output_throw_away(struct run *run) {
  run->thrown_away = true;
  run->held = 0;
}

void output_closed_by_node(struct run *run) {
  struct output *output = run_output(run, STDOUT);
  if (output->state == OUTPUT_PASSED) output->state = OUTPUT_ENDED;
}
