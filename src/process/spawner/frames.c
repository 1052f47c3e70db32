#include "frames.h"

#include "memory.h"
#include <stdbool.h>

enum { KNOWN_CONFIG = CONFIG_KEEP_DAEMONS | CONFIG_CGROUPS, KNOWN_START = 31 };

/* What is left of a payload that is being read. */
struct cursor {
  const char *at;
  size_t left;
};

static bool take(struct cursor *cursor, void *to, size_t size) {
  if (cursor->left < size) return false;
  memcpy(to, cursor->at, size);
  cursor->at += size;
  cursor->left -= size;
  return true;
}

static bool take_strings(struct cursor *cursor, uint32_t count, struct strings *strings) {
  *strings = (struct strings){.first = cursor->at, .count = count};
  for (size_t i = 0; count; i++) {
    if (i == cursor->left) return false;
    if (!cursor->at[i]) count--, strings->size = i + 1;
  }
  cursor->at += strings->size;
  cursor->left -= strings->size;
  return true;
}

const char *check_header(const struct frame *frame) {
  if (frame->length < sizeof *frame) return "a frame is shorter than its header";
  if (frame->length > FRAME_LIMIT) return "a frame is longer than 2 MiB";
  if (frame->type < FRAME_CONFIG || frame->type > FRAME_DEADLINE) return "a frame has an unknown type";
  if (frame->type > FRAME_START && frame->length != sizeof *frame) return "a frame has a payload that it cannot have";
  return NULL;
}

const char *parse_config(const struct frame *frame, const void *payload, struct config_request *request) {
  struct cursor cursor = {payload, frame->length - sizeof *frame};
  *request = (struct config_request){.flags = frame->flags};
  if (frame->flags & ~KNOWN_CONFIG) return "CONFIG has an unknown flag";
  if (!take(&cursor, &request->grace_ms, 4) || !take(&cursor, &request->passed_pipe_size, 4) ||
      !take(&cursor, &request->oom_score, 4))
    return "CONFIG is too short";
  if (frame->a == 0) return "CONFIG names no program";
  if (!take_strings(&cursor, 1, &request->marker) || !take_strings(&cursor, frame->a, &request->arguments) ||
      !take_strings(&cursor, frame->b, &request->variables))
    return "CONFIG has fewer strings than it says";
  if (cursor.left) return "CONFIG has more strings than it says";
  return NULL;
}

const char *parse_start(const struct frame *frame, const void *payload, struct start_request *request) {
  struct cursor cursor = {payload, frame->length - sizeof *frame};
  uint32_t variables_size;
  *request = (struct start_request){
      .id = frame->id, .flags = frame->flags, .deadline_ms = frame->b, .limit_count = frame->a};
  if (frame->id == 0) return "START has no id";
  if (frame->flags & ~KNOWN_START) return "START has an unknown flag";
  if (frame->a > LIMITS_PER_RUN) return "START has too many limits";
  if (!take(&cursor, &variables_size, 4)) return "START is too short";
  if (cursor.left < frame->a * sizeof(struct run_limit)) return "START has fewer limits than it says";
  request->limits = cursor.at;
  cursor.at += frame->a * sizeof(struct run_limit);
  cursor.left -= frame->a * sizeof(struct run_limit);
  if (cursor.left < variables_size) return "START has fewer bytes of environment than it says";
  if (variables_size && cursor.at[variables_size - 1]) return "START has a variable without an end";
  request->variables = (struct strings){.first = cursor.at, .size = variables_size};
  for (size_t i = 0; i < variables_size; i++) request->variables.count += !cursor.at[i];
  request->body = cursor.at + variables_size;
  request->body_size = cursor.left - variables_size;
  if (request->body_size && !(frame->flags & START_BODY_COMPLETE)) return "START has a body that is not complete";
  return NULL;
}
