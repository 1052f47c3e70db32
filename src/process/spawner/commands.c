#include "commands.h"

#include "config.h"
#include "control.h"
#include "fatal.h"
#include "leaves.h"
#include "memory.h"
#include "output.h"
#include "run.h"
#include "start.h"
#include "terminate.h"
#include "timers.h"

static void configure(const struct frame *frame, const void *payload) {
  struct config_request request;
  const char *impossible = config.known ? "CONFIG came twice" : parse_config(frame, payload, &request);
  if (impossible) fatal(impossible);
  if (!config_read(&request)) fatal("there is no memory for CONFIG");
  set_oom_score(request.oom_score);
  if (request.flags & CONFIG_CGROUPS) leaves_open(config.keep_daemons);
}

static void start(const struct frame *frame, const void *payload) {
  struct start_request request;
  const char *impossible = config.known ? parse_start(frame, payload, &request) : "START came before CONFIG";
  if (!impossible && run_id_is_used(request.id)) impossible = "START has an id that is in use";
  if (impossible) fatal(impossible);
  start_run(&request);
}

static void kill_run(struct run *run, bool now) {
  output_throw_away(run);
  terminate(run, now);
  run_revisit(run);
}

static void note_closed(struct run *run, uint16_t descriptor) {
  if (descriptor == STDOUT) output_closed_by_node(run);
  run_revisit(run);
}

static void set_deadline(struct run *run, uint32_t milliseconds) {
  if (run->phase == RUNNING) timers_set(run, milliseconds ? turn_time() + milliseconds * 1000000ULL : 0);
}

static void run_command(const struct frame *frame, const void *payload) {
  struct run *run = run_by_id(frame->id);
  if (frame->type == FRAME_CONFIG) configure(frame, payload);
  if (frame->type == FRAME_START) start(frame, payload);
  if (!run) return; /* it is over: the frame was on its way */
  if (frame->type == FRAME_KILL) kill_run(run, frame->flags & KILL_NOW);
  if (frame->type == FRAME_CLOSED) note_closed(run, frame->a);
  if (frame->type == FRAME_DEADLINE) set_deadline(run, frame->b);
}

void commands_run(void) {
  struct frame frame;
  const void *payload;
  while (control_has_room() && control_next_frame(&frame, &payload)) run_command(&frame, payload);
}
