#include "orphans.h"

#include "config.h"
#include "control.h"
#include "memory.h"
#include "ownership.h"
#include "reap.h"
#include "timers.h"

enum { ORPHAN_LIMIT = 256, LIST_SIZE = 64 << 10 };

static const uint64_t AFTERMATH = 1000000000; /* nanoseconds */

struct orphan {
  pid_number pid; /* 0: a free place */
  enum owner_kind kind;
  uint32_t owner; /* the run's generation */
  /* While its owner is unknown: the newest run that it can belong to, and how far its own end is. */
  uint32_t last_suspect;
  enum phase phase;
  uint64_t due;
};

/* What was found out, so that an orphan of a long run is not asked again at each exit of another. */
static struct orphan orphans[ORPHAN_LIMIT];
static uint32_t orphan_count;
static bool adopts;
static int list = -1;
/* When an orphan was last ended whose owner nobody knew. */
static uint64_t last_end;

void orphans_open(void) {
  adopts = sys(prctl, PR_SET_CHILD_SUBREAPER, 1) == 0 || sys(getpid) == 1;
  list = (int)sys(openat, AT_FDCWD, "/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
}

void orphans_warn(void) {
  if (!adopts)
    control_warn("orphans are given to another process here: what is left in a group is killed without TERM, and what left it stays");
  else if (list < 0)
    control_warn("/proc does not list children here: what leaves its process group is not ended");
}

/* Our children in one reading: numbers, each with a space behind it. */
struct children {
  const char *at, *end;
  bool cut; /* there are more than fit */
};

static struct children list_children(void) {
  static char text[LIST_SIZE];
  long size = list < 0 ? 0 : sys(pread64, list, text, LIST_SIZE, 0);
  if (size < 0) size = 0;
  bool cut = size == LIST_SIZE;
  while (cut && size && text[size - 1] != ' ') size--;
  return (struct children){text, text + size, cut};
}

/* The next that is no leader; 0: that was all. */
static pid_number next_orphan(struct children *children) {
  while (children->at < children->end) {
    pid_number pid = 0;
    for (; *children->at != ' '; children->at++) pid = pid * 10 + (*children->at - '0');
    children->at++;
    if (!run_by_pid(pid)) return pid;
  }
  return 0;
}

static struct orphan *find(pid_number pid) {
  for (uint32_t i = 0; i < ORPHAN_LIMIT; i++)
    if (orphans[i].pid == pid) return &orphans[i];
  return NULL;
}

bool orphans_know(pid_number pid) { return orphan_count && find(pid); }

/* Beyond the limit each is asked again each time. */
static struct orphan *make(pid_number pid) {
  static struct orphan not_kept;
  struct orphan *orphan = find(0);
  if (orphan) orphan_count++;
  else orphan = &not_kept;
  *orphan = (struct orphan){.pid = pid, .kind = OWNER_UNKNOWN};
  return orphan;
}

void orphans_forget(pid_number pid) {
  struct orphan *orphan = orphan_count ? find(pid) : NULL;
  if (!orphan) return;
  orphan->pid = 0;
  orphan_count--;
}

static void send(pid_number pid, int signal) {
  bool leads_group = sys(getpgid, pid) == pid;
  sys(kill, leads_group ? -pid : pid, signal);
}

/* What its run's session got before it was known. */
static void greet(const struct orphan *orphan, const struct run *run) {
  if (orphan->kind == OWNER_FINISHED && !config.keep_daemons) send(orphan->pid, SIGKILL);
  if (orphan->kind != OWNER_RUN) return;
  if (run->phase == KILLING) send(orphan->pid, SIGKILL);
  if (run->phase == TERMINATING && sys(getpgid, orphan->pid) != run->pid) send(orphan->pid, SIGTERM);
}

/*
 * Without a marker it belongs to whoever is in flight when it is first seen, and when nobody is, to nobody: a process from
 * outside of the container. But it may have hung from such an orphan that was just ended.
 */
static enum owner_kind kind_of_unknown(void) {
  bool from_another = last_end && turn_time() - last_end < config.grace + AFTERMATH;
  return list_is_empty(&active_runs) && !from_another ? OWNER_NOBODY : OWNER_UNKNOWN;
}

static struct orphan *recognise(pid_number pid) {
  struct orphan *orphan = find(pid);
  /* Between two programs it had no environment, so an unknown one is asked again. */
  if (orphan && orphan->kind != OWNER_UNKNOWN) return orphan;
  bool is_new = !orphan;
  if (is_new) orphan = make(pid);
  if (is_new) orphan->last_suspect = run_newest_generation();
  struct owner owner = find_owner(pid);
  orphan->kind = is_new && owner.kind == OWNER_UNKNOWN ? kind_of_unknown() : owner.kind;
  orphan->owner = owner.run ? owner.run->generation : 0;
  greet(orphan, owner.run);
  return orphan;
}

static bool has_live_child_in_group(pid_number group) {
  struct wait_info info;
  return sys(waitid, P_PGID, group, &info, WSTOPPED | WNOHANG | WNOWAIT, NULL) != -ECHILD;
}

/* What may not be signalled cannot be waited for either. */
static bool may_signal(pid_number pid) { return sys(kill, pid, 0) != -EPERM; }

bool orphans_left(struct run *run) {
  if (!adopts) {
    sys(kill, -run->pid, SIGKILL);
    return false;
  }
  if (list < 0) return has_live_child_in_group(run->pid);
  struct children children = list_children();
  bool left = children.cut;
  pid_number pid;
  while ((pid = next_orphan(&children))) {
    if (reap_unknown(pid)) {
      /* Its children are ours since the list was read. */
      left = true;
      run_revisit(run);
      continue;
    }
    const struct orphan *orphan = recognise(pid);
    left |= orphan->kind == OWNER_RUN && orphan->owner == run->generation && may_signal(pid);
  }
  return left;
}

void orphans_signal(struct run *run, int signal) {
  for (uint32_t i = 0; i < ORPHAN_LIMIT && orphan_count; i++) {
    const struct orphan *orphan = &orphans[i];
    if (!orphan->pid || orphan->kind != OWNER_RUN || orphan->owner != run->generation) continue;
    if (sys(getpgid, orphan->pid) != run->pid) send(orphan->pid, signal);
  }
}

void orphans_reap(void) {
  struct children children = list_children();
  pid_number pid;
  while ((pid = next_orphan(&children)))
    if (!reap_unknown(pid) && list_is_empty(&active_runs)) recognise(pid);
  if (list_is_empty(&active_runs)) orphans_run_is_over();
}

static bool is_over(uint32_t last_suspect) {
  return list_is_empty(&active_runs) ||
         is_newer(member_of(active_runs.next, struct run, active)->generation, last_suspect);
}

static void end_unknown(struct orphan *orphan) {
  orphan->phase = TERMINATING;
  last_end = turn_time();
  orphan->due = turn_time() + config.grace;
  timers_wake_at(orphan->due);
  send(orphan->pid, SIGTERM);
}

void orphans_run_is_over(void) {
  if (config.keep_daemons) return;
  for (uint32_t i = 0; i < ORPHAN_LIMIT && orphan_count; i++) {
    struct orphan *orphan = &orphans[i];
    if (orphan->pid && orphan->kind == OWNER_UNKNOWN && orphan->phase == RUNNING && is_over(orphan->last_suspect))
      end_unknown(orphan);
  }
}

void orphans_in_time(uint64_t now) {
  for (uint32_t i = 0; i < ORPHAN_LIMIT && orphan_count; i++) {
    struct orphan *orphan = &orphans[i];
    if (!orphan->pid || orphan->phase != TERMINATING) continue;
    if (orphan->due > now) {
      timers_wake_at(orphan->due);
      continue;
    }
    orphan->phase = KILLING;
    send(orphan->pid, SIGKILL);
  }
}

static bool is_kept(const struct orphan *orphan) {
  return orphan->kind == OWNER_NOBODY || (config.keep_daemons && orphan->kind != OWNER_RUN);
}

bool orphans_kill_all(void) {
  struct children children = list_children();
  bool left = children.cut;
  pid_number pid;
  while ((pid = next_orphan(&children))) {
    if (reap_is_node(pid)) continue;
    bool reaped = reap_unknown(pid); /* then its children are ours since the list was read */
    bool spared = !reaped && (is_kept(recognise(pid)) || !may_signal(pid));
    if (!reaped && !spared) send(pid, SIGKILL);
    left |= !spared;
  }
  return left;
}
