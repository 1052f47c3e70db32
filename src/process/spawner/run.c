#include "run.h"

#include "memory.h"

enum {
  PID_BUCKETS = 4096,
  /* Slots that keep their pages: their peak is the floor of every child's peak memory. */
  WARM_SLOTS = 64,
  FEW_RUNS = 8,
  DATA_SIZE = 12 << 10,
};

LIST(active_runs);
uint32_t active_run_count;
LIST(revisited_runs);

/* Slots are numbered from 1 here, so that 0 is "none". */
static struct run *slots[RUN_LIMIT];
static uint32_t slot_count;
static uint16_t free_slots[RUN_LIMIT];
static uint32_t free_count;
static uint16_t by_id[65536];
static uint16_t by_pid[PID_BUCKETS];
static volatile uint32_t *exec_errors;
static uint32_t last_generation;
static uint32_t most_runs;

static size_t data_size(void) { return whole_pages(DATA_SIZE); }

static size_t slot_size(void) { return data_size() + page_size + whole_pages(STACK_SIZE); }

bool runs_open(void) {
  exec_errors = map_shared_pages(RUN_LIMIT * sizeof *exec_errors);
  return exec_errors != NULL;
}

static uint16_t make_slot(long *error) {
  if (slot_count == RUN_LIMIT) {
    *error = EAGAIN;
    return 0;
  }
  char *slot = map_pages(slot_size());
  if (!slot || !guard_pages(slot + data_size(), page_size)) {
    if (slot) unmap_pages(slot, slot_size());
    *error = ENOMEM;
    return 0;
  }
  slots[slot_count] = (struct run *)(void *)slot;
  return (uint16_t)++slot_count;
}

struct run *run_allocate(uint32_t id, long *error) {
  uint16_t slot = free_count ? free_slots[--free_count] : make_slot(error);
  if (!slot) return NULL;
  struct run *run = slots[slot - 1];
  memset(run, 0, sizeof *run);
  run->index = slot - 1;
  run->id = id;
  run->generation = ++last_generation;
  run->stdin_descriptor = -1;
  by_id[id & 0xffff] = slot;
  *run_exec_error(run) = 0;
  list_append(&active_runs, &run->active);
  if (++active_run_count > most_runs) most_runs = active_run_count;
  return run;
}

static void forget_pid(struct run *run) {
  uint16_t *link = &by_pid[(uint32_t)run->pid % PID_BUCKETS];
  while (*link != run->index + 1) link = &slots[*link - 1]->next_by_pid;
  *link = run->next_by_pid;
}

void run_release(struct run *run) {
  uint16_t slot = (uint16_t)(run->index + 1);
  if (run->pid) forget_pid(run);
  by_id[run->id & 0xffff] = 0;
  list_remove(&run->active);
  active_run_count--;
  if (is_listed(&run->revisit)) list_remove(&run->revisit);
  if (is_listed(&run->handing)) list_remove(&run->handing);
  if (is_listed(&run->brief)) list_remove(&run->brief);
  if (run->large_environment) unmap_pages(run->large_environment, run->large_environment_size);
  if (run->body_rest) unmap_pages(run->body_rest, run->body_rest_size);
  if (slot > WARM_SLOTS) {
    give_pages_back(run, data_size());
    give_pages_back((char *)run + data_size() + page_size, whole_pages(STACK_SIZE));
  }
  free_slots[free_count++] = slot;
}

uint32_t run_newest_generation(void) { return last_generation; }

bool run_id_is_used(uint32_t id) { return by_id[id & 0xffff] != 0; }

struct run *run_by_id(uint32_t id) {
  uint16_t slot = by_id[id & 0xffff];
  return slot && slots[slot - 1]->id == id ? slots[slot - 1] : NULL;
}

struct run *run_by_pid(pid_number pid) {
  uint16_t slot = by_pid[(uint32_t)pid % PID_BUCKETS];
  while (slot && slots[slot - 1]->pid != pid) slot = slots[slot - 1]->next_by_pid;
  return slot ? slots[slot - 1] : NULL;
}

struct run *run_in_slot(uint32_t index) {
  return index < slot_count && is_listed(&slots[index]->active) ? slots[index] : NULL;
}

struct run *run_by_token(uint32_t index, uint32_t generation) {
  struct run *run = run_in_slot(index);
  return run && run->generation == generation ? run : NULL;
}

void run_remember_pid(struct run *run, pid_number pid) {
  uint16_t *head = &by_pid[(uint32_t)pid % PID_BUCKETS];
  run->pid = pid;
  run->next_by_pid = *head;
  *head = (uint16_t)(run->index + 1);
}

char *run_room(struct run *run, size_t *size) {
  size_t used = (sizeof *run + 15) & ~(size_t)15;
  *size = data_size() - used - HELD_SIZE;
  return (char *)run + used;
}

uint8_t *run_held_output(struct run *run) { return (uint8_t *)run + data_size() - HELD_SIZE; }

void *run_stack_top(struct run *run) { return (char *)run + slot_size(); }

volatile uint32_t *run_exec_error(const struct run *run) { return &exec_errors[run->index]; }

bool runs_were_many(void) {
  if (most_runs <= WARM_SLOTS || active_run_count > FEW_RUNS) return false;
  most_runs = active_run_count;
  return true;
}

void run_revisit(struct run *run) {
  if (!is_listed(&run->revisit)) list_append(&revisited_runs, &run->revisit);
}
