#include "events.h"

static int epoll = -1;

/* An event's 64 bits: the generation of what is in the slot, the slot, and the source. */
static uint64_t token(uint32_t generation, uint32_t slot, uint32_t source) {
  return (uint64_t)generation << 32 | (uint64_t)slot << 8 | source;
}

long events_open(void) {
  epoll = (int)sys(epoll_create1, O_CLOEXEC);
  return epoll < 0 ? -epoll : 0;
}

static long control(int operation, int descriptor, uint32_t flags, uint64_t data) {
  struct epoll_event event = {.events = flags, .data = data};
  return -sys(epoll_ctl, epoll, operation, descriptor, &event);
}

long events_watch(enum event_source source, int descriptor, uint32_t flags) {
  return control(EPOLL_CTL_ADD, descriptor, flags, token(0, 0, source));
}

void events_change(enum event_source source, int descriptor, uint32_t flags) {
  control(EPOLL_CTL_MOD, descriptor, flags, token(0, 0, source));
}

void events_forget(int descriptor) { control(EPOLL_CTL_DEL, descriptor, 0, 0); }

long events_watch_run(const struct run *run, int descriptor, int pipe_end, uint32_t flags) {
  uint64_t data = token(run->generation, run->index, SOURCE_RUN + (uint32_t)descriptor);
  return control(EPOLL_CTL_ADD, pipe_end, flags | EPOLLET, data);
}

long events_watch_splice(uint32_t slot, uint32_t id, int socket, uint32_t flags) {
  return control(EPOLL_CTL_ADD, socket, flags | EPOLLET, token(id, slot, SOURCE_SPLICE));
}

struct run *event_run(const struct event *event) { return run_by_token(event->slot, event->generation); }

int event_descriptor(const struct event *event) { return (int)event->source - SOURCE_RUN; }

int events_wait(struct event *events, int milliseconds) {
  struct epoll_event told[EVENTS_AT_ONCE];
  long count = sys(epoll_pwait, epoll, told, EVENTS_AT_ONCE, milliseconds, NULL, 8);
  for (long i = 0; i < count; i++)
    events[i] = (struct event){
        .flags = told[i].events,
        .source = told[i].data & 0xff,
        .slot = (uint32_t)told[i].data >> 8,
        .generation = (uint32_t)(told[i].data >> 32),
    };
  return count < 0 ? 0 : (int)count;
}
