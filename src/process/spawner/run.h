/*
 * One run: a process that Node asked for, and all that it starts. Its slot is memory of its own: what describes it, its
 * environment, the output that waits for its exit, and, behind a guard page, the stack on which the child runs until exec.
 */
#ifndef RUN_H
#define RUN_H

#include "frames.h"
#include "kernel.h"
#include "list.h"

enum {
  RUN_LIMIT = 8192,
  HELD_SIZE = 4096,
  STACK_SIZE = 8192,
};

enum output_state {
  OUTPUT_NONE,   /* there is no such pipe */
  OUTPUT_OPEN,   /* read here */
  OUTPUT_PASSED, /* Node reads it */
  OUTPUT_ENDED,
};

/* One pipe that the process writes and the spawner reads. */
struct output {
  int descriptor;
  enum output_state state;
  /* Edge triggered: this stays true until a read finds the pipe empty. */
  bool readable;
  /* No writer is left, so that a short read has found the end. */
  bool hung_up;
  /* Nobody of this run is left: what was in the pipe then, and was not read yet. */
  bool is_last;
  uint32_t last_size;
};

enum phase {
  RUNNING,
  TERMINATING, /* TERM was sent, KILL follows at `due` */
  KILLING,
};

struct run {
  struct link active;   /* in the order of their start */
  struct link revisit;  /* something waits for room, or for its turn */
  struct link handing;  /* a descriptor waits for the handle channel */
  struct link brief;    /* its output waits for the exit, though not for long */
  uint32_t index;       /* of the slot */
  uint32_t id;          /* Node's */
  uint32_t generation;  /* ours: no two runs share one */
  uint8_t start_flags;
  enum phase phase;

  pid_number pid;
  uint16_t next_by_pid;
  bool in_leaf;         /* it was started in a control group of its own */
  bool leader_ended;    /* it is a zombie: its number stays its own until it is waited for */
  bool hunted;          /* what is deeper than its group and its orphans had its TERM */
  bool thrown_away;     /* nobody wants stdout any more: the deadline is over, or Node said KILL */
  bool owes_expired;
  bool exited_told;
  int32_t status;       /* as wait(2) has it */
  struct rusage usage;
  uint64_t asked_at, started_at, ended_at;
  /* The deadline while running, the time for KILL while terminating; 0: none. */
  uint64_t due;

  /* Our ends of the pipes. stdin's is open while a rest of the body waits, or until it is handed to Node. */
  int stdin_descriptor;
  bool stdin_handing;   /* it waits for the channel */
  char *body_rest;      /* NULL: none */
  size_t body_rest_size, body_rest_sent;
  struct output outputs[3]; /* stdout, stderr, descriptor 3 */
  size_t stdout_sent;   /* in OUT frames */
  bool stdout_handing;  /* PASSED was said, the descriptor waits for the channel */
  size_t held;          /* bytes of stdout that wait for the exit */
  uint64_t held_until;  /* where they wait briefly */

  /* What the child reads until exec; nobody writes it once it runs. */
  int child_descriptors[4];
  uint32_t limit_count;
  struct run_limit limits[LIMITS_PER_RUN];
  char **environment;
  void *large_environment; /* NULL: it fits into the slot */
  size_t large_environment_size;
};

static inline struct output *run_output(struct run *run, int descriptor) { return &run->outputs[descriptor - 1]; }

static inline bool run_has_flag(const struct run *run, uint8_t flag) { return (run->start_flags & flag) != 0; }

extern struct link active_runs;
extern uint32_t active_run_count;

/* False: no memory. */
bool runs_open(void);

/* NULL and *error: no slot or no memory. */
struct run *run_allocate(uint32_t id, long *error);
/* Its descriptors are closed already. */
void run_release(struct run *run);

/* That of the last run that was started; generations may come round. */
uint32_t run_newest_generation(void);
static inline bool is_newer(uint32_t generation, uint32_t than) { return (int32_t)(generation - than) > 0; }

bool run_id_is_used(uint32_t id);
struct run *run_by_id(uint32_t id);
struct run *run_by_pid(pid_number pid);
struct run *run_by_token(uint32_t index, uint32_t generation);
struct run *run_in_slot(uint32_t index);
void run_remember_pid(struct run *run, pid_number pid);

char *run_room(struct run *run, size_t *size);
uint8_t *run_held_output(struct run *run);
void *run_stack_top(struct run *run);
/* The errno of a failed exec: written by the child, in memory that is shared even with a forked one. */
volatile uint32_t *run_exec_error(const struct run *run);

/* Whether the peak of our memory, which is the floor of every child's, is higher than it needs to be from here on. */
bool runs_were_many(void);

/* At the end of this turn, or when there is room, run_advance is called. */
void run_revisit(struct run *run);
extern struct link revisited_runs;

#endif
