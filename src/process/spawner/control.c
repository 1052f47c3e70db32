#include "control.h"

#include "events.h"
#include "fatal.h"
#include "kernel.h"
#include "memory.h"

enum {
  READ_SIZE = 128 << 10,
  /* A frame that is not whole yet, and one read behind it. */
  INPUT_SIZE = FRAME_LIMIT + READ_SIZE,
  OUTPUT_SIZE = 1 << 20,
  RESULTS_STOP = OUTPUT_SIZE / 2,
  OUTPUT_STOP = OUTPUT_SIZE / 4,
  KEPT_SIZE = 256 << 10,
};

static int control;

/* The events that epoll(7) waits for. */
static uint32_t watched;

/* What was read and not used yet: bytes [input_start, input_end). */
static uint8_t *input;
static size_t input_start, input_end;

/* What was not written yet: bytes [output_start, output_end). */
static uint8_t *output;
static size_t output_start, output_end;

/* The most that was in one of the buffers since they were given back. */
static size_t most_bytes;

static void note_size(size_t size) {
  if (size > most_bytes) most_bytes = size;
}

static void write_all(const void *bytes, size_t size) {
  while (size) {
    long written = sys(write, control, bytes, size);
    if (written == -EINTR) continue;
    if (written < 0) return; /* Node has gone: the first read says so as well */
    bytes = (const char *)bytes + written;
    size -= (size_t)written;
  }
}

long control_open(int descriptor, const struct frame *ready, char *const *strings) {
  control = descriptor;
  input = map_pages(INPUT_SIZE);
  output = map_pages(OUTPUT_SIZE);
  if (!input || !output) return ENOMEM;
  struct frame frame = *ready;
  frame.length = sizeof frame;
  for (char *const *at = strings; at && *at; at++) frame.length += (uint32_t)text_length(*at) + 1;
  if (frame.length > FRAME_LIMIT) fatal("the environment is longer than a frame can be");
  write_all(&frame, sizeof frame);
  for (char *const *at = strings; at && *at; at++) write_all(*at, text_length(*at) + 1);
  sys(fcntl, control, F_SETFL, O_NONBLOCK | O_RDWR);
  return events_watch(SOURCE_CONTROL, control, watched = EPOLLIN);
}

static size_t waiting_output(void) { return output_end - output_start; }

bool control_has_room(void) { return waiting_output() < RESULTS_STOP; }

bool control_has_room_for_output(void) { return waiting_output() < OUTPUT_STOP; }

void *control_reserve(size_t size) {
  if (output_end + sizeof(struct frame) + size > OUTPUT_SIZE) {
    memmove(output, output + output_start, waiting_output());
    output_end -= output_start;
    output_start = 0;
  }
  if (output_end + sizeof(struct frame) + size > OUTPUT_SIZE) fatal("a frame has no room");
  return output + output_end + sizeof(struct frame);
}

void control_commit(const struct frame *head, size_t size) {
  struct frame frame = *head;
  frame.length = (uint32_t)(sizeof frame + size);
  memcpy(output + output_end, &frame, sizeof frame);
  output_end += frame.length;
  note_size(output_end);
}

void control_emit(const struct frame *head, const void *payload, size_t size) {
  memcpy(control_reserve(size), payload, size);
  control_commit(head, size);
}

void control_warn(const char *text) {
  struct frame warning = {.type = FRAME_WARNING};
  if (control_has_room()) control_emit(&warning, text, text_length(text));
}

/* Input is read while there is room for what it causes. */
static void watch(void) {
  uint32_t wanted = (control_has_room() ? EPOLLIN : 0) | (waiting_output() ? EPOLLOUT : 0);
  if (wanted != watched) events_change(SOURCE_CONTROL, control, watched = wanted);
}

static bool write_output(void) {
  while (output_start < output_end) {
    long written = sys(write, control, output + output_start, waiting_output());
    if (written == -EINTR) continue;
    if (written == -EAGAIN) return true;
    if (written < 0) return false;
    output_start += (size_t)written;
  }
  output_start = output_end = 0;
  return true;
}

bool control_flush(void) {
  bool node_is_there = write_output();
  watch();
  return node_is_there;
}

bool control_read(void) {
  if (input_start) {
    memmove(input, input + input_start, input_end - input_start);
    input_end -= input_start;
    input_start = 0;
  }
  /* Whole frames that still wait for room are used before anything is read behind them. */
  if (input_end + READ_SIZE > INPUT_SIZE) return true;
  long size = sys(read, control, input + input_end, READ_SIZE);
  if (size == -EINTR || size == -EAGAIN) return true;
  if (size <= 0) return false;
  input_end += (size_t)size;
  note_size(input_end);
  return true;
}

bool control_next_frame(struct frame *frame, const void **payload) {
  size_t left = input_end - input_start;
  if (left < sizeof *frame) return false;
  memcpy(frame, input + input_start, sizeof *frame);
  const char *impossible = check_header(frame);
  if (impossible) fatal(impossible);
  if (left < frame->length) return false;
  *payload = input + input_start + sizeof *frame;
  input_start += frame->length;
  return true;
}

bool control_was_big(void) {
  return most_bytes > KEPT_SIZE && input_start == input_end && output_start == output_end;
}

void control_give_pages_back(void) {
  most_bytes = 0;
  give_pages_back(input, INPUT_SIZE);
  give_pages_back(output, OUTPUT_SIZE);
}
