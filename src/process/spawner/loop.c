#include "loop.h"

#include "brief.h"
#include "commands.h"
#include "control.h"
#include "events.h"
#include "fatal.h"
#include "handles.h"
#include "hunt.h"
#include "input.h"
#include "memory.h"
#include "orphans.h"
#include "output.h"
#include "progress.h"
#include "reap.h"
#include "signals.h"
#include "splice.h"
#include "terminate.h"
#include "timers.h"

static void on_control(uint32_t flags) {
  bool may_read = (flags & EPOLLIN) && control_has_room();
  bool node_is_gone = may_read ? !control_read() : (flags & (EPOLLHUP | EPOLLERR)) != 0;
  if (node_is_gone) end_spawner(0);
}

static void on_run(struct run *run, int descriptor, uint32_t flags) {
  if (descriptor == STDIN) {
    input_continue(run);
    return;
  }
  output_is_ready(run, descriptor, flags);
  run_advance(run);
}

/* True: a child has ended. */
static bool dispatch(const struct event *event) {
  if (event->source == SOURCE_SIGNALS) return signals_read();
  if (event->source == SOURCE_CONTROL) on_control(event->flags);
  if (event->source == SOURCE_HANDLES) handles_read();
  if (event->source == SOURCE_BRIEF) brief_end();
  if (event->source == SOURCE_SPLICE) splice_is_ready(event->slot, event->generation);
  struct run *run = event->source >= SOURCE_RUN ? event_run(event) : NULL;
  if (run) on_run(run, event_descriptor(event), event->flags);
  return false;
}

/* Those who waited for room or for their turn; who has to wait again comes next time. */
static void revisit(void) {
  LIST(waiting);
  list_move(&waiting, &revisited_runs);
  while (!list_is_empty(&waiting)) {
    struct run *run = member_of(waiting.next, struct run, revisit);
    list_remove(&run->revisit);
    run_advance(run);
  }
}

/* Without room nothing can go on before the socket takes more, which is an event. */
static int milliseconds_to_wait(void) {
  bool goes_on = !list_is_empty(&revisited_runs) && control_has_room_for_output();
  return goes_on || splices_go_on() ? 0 : timers_milliseconds(turn_time());
}

/* After a burst: our peak of memory is the floor of what each child's bill says. */
static void lower_peak(void) {
  bool runs = runs_were_many(), buffers = control_was_big();
  if (buffers) control_give_pages_back();
  if (runs || buffers) reset_peak_memory();
}

/*
 * In this order a process whose output and exit came in the same turn is answered in this turn, by one frame; and all
 * frames of a turn leave in one write.
 */
static void turn(void) {
  struct event events[EVENTS_AT_ONCE];
  bool child_ended = false;
  int count = events_wait(events, milliseconds_to_wait());
  turn_time_begin();
  for (int i = 0; i < count; i++) child_ended |= dispatch(&events[i]);
  if (child_ended) reap();
  commands_run();
  timers_run(turn_time(), terminate_in_time);
  orphans_in_time(turn_time());
  hunt_in_time(turn_time());
  splices_run(turn_time());
  revisit();
  signals_forward();
  if (!control_flush()) end_spawner(0);
  handles_send();
  lower_peak();
}

_Noreturn void loop_run(void) {
  for (;;) turn();
}
