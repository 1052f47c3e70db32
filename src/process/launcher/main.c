/*
 * The one program of an image. It answers what needs no Node itself; otherwise it becomes two processes: the parent stays as init and
 * spawner, the child becomes Node with the watchdog in it.
 */
#include <linux/auxvec.h>

#include "../spawner/kernel.h"
#include "../spawner/memory.h"
#include "../spawner/slice.h"
#include "../spawner/spawner.h"
#include "become-node.h"
#include "descriptors.h"
#include "healthcheck.h"
#include "licences.h"
#include "payload.h"
#include "refuse.h"
#include "start.h"
#include "text.h"
#include "version.h"

__attribute__((noreturn)) static void leave(int code) {
  for (;;) sys(exit_group, code);
}

/* Flags as Go's programs take them: with one dash or two, true where nothing else is said. What is not found here Node reads. */
static bool asks_for(const struct start *start, const char *flag) {
  static const char *const truths[] = {"", "=1", "=t", "=T", "=true", "=TRUE", "=True"};
  if (start->argument_count < 2) return false;
  const char *argument = start->arguments[1];
  const char *value = text_after(argument, flag);
  if (!value && argument[0] == '-') value = text_after(argument + 1, flag);
  for (size_t i = 0; value && i < sizeof truths / sizeof *truths; i++)
    if (text_equals(value, truths[i])) return true;
  return false;
}

static void answer_without_node(const struct start *start) {
  if (asks_for(start, "-version")) {
    print_version();
    leave(0);
  }
  if (asks_for(start, "-run-healthcheck")) leave(run_healthcheck(start));
  if (asks_for(start, "-licenses")) leave(print_licences(start));
}

/*
 * In these modes what competes with Node is the other half of each request's way, or nothing: being let in at once would
 * cut its work into smaller pieces, and 1 of 10 requests a second would be lost by it.
 */
static bool starts_processes(const struct start *start) {
  const char *mode = variable(start, "mode");
  return !mode || !(text_equals(mode, "http") || text_equals(mode, "static"));
}

/*
 * In the child. Node resets its signals itself, but its loader comes first. It does not die with the spawner, but hears of that end by
 * its socket: where no kernel ends a container, it ends what the function has left, and says why it leaves.
 */
__attribute__((noreturn)) static void be_node(const struct start *start, const struct channels *channels) {
  static struct payload payload;
  uint64_t none = 0;
  /* A group of its own: Ctrl-C in a terminal reaches the spawner, and Node from there, once. */
  sys(setpgid, 0, 0);
  keep_nodes_ends(channels);
  if (starts_processes(start)) ask_for_short_slices(SLICE_FOR_THREADS);
  open_payload(start, &payload);
  sys(rt_sigprocmask, SIG_SETMASK, &none, NULL, sizeof none);
  become_node(start, &payload);
}

__attribute__((used, noreturn)) static void main_with_stack(uint64_t *stack) {
  struct start start = read_start(stack);
  uint64_t all_signals = ~0ull;
  page_size = auxiliary(&start, AT_PAGESZ);
  answer_without_node(&start);

  /* Processes of the function have the same uid: none may trace these two, or open what they have open. */
  sys(prctl, PR_SET_DUMPABLE, 0);
  struct channels channels = open_channels();
  /* A signal that comes before both sides listen must wait. */
  sys(rt_sigprocmask, SIG_SETMASK, &all_signals, NULL, sizeof all_signals);
  long node = sys(clone, SIGCHLD, 0, 0, 0, 0); /* a copy, as fork(2) makes it: no memory is shared */
  if (node < 0) refuse("no process for Node can be made");
  if (node == 0) be_node(&start, &channels);
  keep_spawners_ends(&channels);
  run_spawner(&(struct spawner_setup){
      .control = channels.control[SPAWNERS_END],
      .handles = channels.handles[SPAWNERS_END],
      .node = (pid_number)node,
      .environment = start.environment,
      .page_size = page_size,
  });
}

PROGRAM_ENTRY
