#include "input.h"

#include "events.h"
#include "memory.h"

/* As much as always fits into an empty pipe. */
enum { ALWAYS_FITS = 4096 };

long input_begin(struct run *run, const void *body, size_t size) {
  size_t written = 0;
  if (size > ALWAYS_FITS) sys(fcntl, run->stdin_descriptor, F_SETFL, O_NONBLOCK | O_WRONLY);
  if (size) {
    long result = sys(write, run->stdin_descriptor, body, size);
    if (result > 0) written = (size_t)result;
  }
  if (written == size) {
    input_close(run);
    return 0;
  }
  run->body_rest_size = size - written;
  run->body_rest = map_pages(run->body_rest_size);
  if (!run->body_rest) return ENOMEM;
  memcpy(run->body_rest, (const char *)body + written, run->body_rest_size);
  return events_watch_run(run, STDIN, run->stdin_descriptor, EPOLLOUT);
}

void input_continue(struct run *run) {
  while (run->body_rest && run->body_rest_sent < run->body_rest_size) {
    long written = sys(write, run->stdin_descriptor, run->body_rest + run->body_rest_sent,
                       run->body_rest_size - run->body_rest_sent);
    if (written == -EINTR) continue;
    if (written == -EAGAIN) return;
    if (written < 0) break; /* nobody reads any more */
    run->body_rest_sent += (size_t)written;
  }
  input_close(run);
}

void input_close(struct run *run) {
  if (run->stdin_descriptor >= 0) sys(close, run->stdin_descriptor);
  run->stdin_descriptor = -1;
  if (run->body_rest) unmap_pages(run->body_rest, run->body_rest_size);
  run->body_rest = NULL;
}
