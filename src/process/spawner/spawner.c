#include "spawner.h"

#include "accounting.h"
#include "child.h"
#include "control.h"
#include "events.h"
#include "fatal.h"
#include "handles.h"
#include "loop.h"
#include "memory.h"
#include "orphans.h"
#include "reap.h"
#include "run.h"
#include "signals.h"
#include "slice.h"
#include "start.h"

enum { LAST_DESCRIPTOR_TRIED = 65535, WORK_STACK_SIZE = 256 << 10 };

/* 0 to 3 are taken from here on, so that no pipe gets a number at which the child's own belongs. */
static void occupy_descriptors(void) {
  long descriptor;
  do descriptor = sys(openat, AT_FDCWD, "/dev/null", O_RDWR | O_CLOEXEC);
  while (descriptor >= 0 && descriptor <= CONTROL_DESCRIPTOR);
  if (descriptor >= 0) sys(close, descriptor);
}

static void close_on_exec(void) {
  if (sys(close_range, 3, ~0U, CLOSE_RANGE_CLOEXEC) == 0) return;
  for (int descriptor = 3; descriptor <= LAST_DESCRIPTOR_TRIED; descriptor++)
    sys(fcntl, descriptor, F_SETFD, FD_CLOEXEC);
}

/* We need four descriptors a run; children get the old soft limit back. */
static const struct resource_limit *raise_descriptor_limit(void) {
  static struct resource_limit old;
  if (sys(prlimit64, 0, RLIMIT_NOFILE, NULL, &old) < 0 || old.soft >= old.hard) return NULL;
  struct resource_limit raised = {old.hard, old.hard};
  return sys(prlimit64, 0, RLIMIT_NOFILE, &raised, NULL) == 0 ? &old : NULL;
}

static void need(bool done, const char *otherwise) {
  if (!done) fatal(otherwise);
}

static void prepare(const struct spawner_setup *setup) {
  page_size = setup->page_size;
  /* Opened while /proc/self is ours: what is not dumpable is root's. */
  sys(prctl, PR_SET_DUMPABLE, 1);
  open_peak_memory();
  open_oom_score();
  /* What runs as the same user may not look into our memory, nor at our descriptors. */
  sys(prctl, PR_SET_DUMPABLE, 0);
  occupy_descriptors();
  close_on_exec();
  long self = sys(getpid);
  child_set_parent((int)self, raise_descriptor_limit());
  start_set_mode(setup->clone_mode);
  reap_set_node(setup->node);
  accounting_set_node(setup->node ? setup->node : (pid_number)sys(getppid));
  need(runs_open(), "there is no memory to begin with");
  need(events_open() == 0, "the kernel gives no epoll");
  need(signals_open(setup->node != 0) == 0, "the kernel gives no signalfd");
  orphans_open();
  struct frame ready = {.type = FRAME_READY, .a = PROTOCOL_VERSION, .b = (uint32_t)self};
  need(control_open(setup->control, &ready, setup->environment) == 0, "there is no control socket");
  handles_open(setup->handles);
  orphans_warn();
}

static void work(void *unused) {
  (void)unused;
  ask_for_short_slices(SLICE_FOR_ITSELF);
  loop_run();
}

/* The list of descriptors is not shared: an own one is faster to use, and this thread needs none. */
static void adopt(void) {
  sys(close_range, 0, ~0U, 0);
  for (;;) sys(ppoll, NULL, 0, NULL, NULL);
}

/*
 * A second thread does the work, and this one only adopts: the kernel makes orphans children of a process's first thread,
 * while what we start are children of the second. So the first one's list of children, which is asked at each exit, is
 * empty unless a session has left something behind. Without a second thread the list is longer and as good.
 */
_Noreturn void run_spawner(const struct spawner_setup *setup) {
  prepare(setup);
  char *stack = map_pages(WORK_STACK_SIZE);
  unsigned long thread = CLONE_VM | CLONE_FS | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM;
  if (stack && guard_pages(stack, page_size) && clone_on_stack(thread, stack + WORK_STACK_SIZE, work, NULL) > 0)
    adopt();
  loop_run();
}
