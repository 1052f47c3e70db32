/* The frames of ../../README.md as they are on the wire, and the checks that what Node sent is one. */
#ifndef FRAMES_H
#define FRAMES_H

#include <stddef.h>
#include <stdint.h>

enum {
  PROTOCOL_VERSION = 3,
  FRAME_LIMIT = 2 << 20,
  LIMITS_PER_RUN = 8,
};

enum frame_type {
  FRAME_CONFIG = 1,
  FRAME_START = 2,
  FRAME_KILL = 3,
  FRAME_CLOSED = 4,
  FRAME_DEADLINE = 5,
  FRAME_READY = 16,
  FRAME_OUT = 17,
  FRAME_PASSED = 18,
  FRAME_EXPIRED = 19,
  FRAME_EXITED = 20,
  FRAME_GONE = 21,
  FRAME_SIGNAL = 22,
  FRAME_WARNING = 23,
  FRAME_SPLICED = 24,
};

enum { CONFIG_KEEP_DAEMONS = 1, CONFIG_CGROUPS = 2 };
enum { START_BODY_COMPLETE = 1, START_COMBINE = 2, START_HOLD = 4, START_WITH_FD3 = 8, START_BRIEFLY = 16 };
enum { KILL_NOW = 1 };
enum { OUT_END = 1 };
enum { EXITED_EXEC_FAILED = 1, EXITED_GONE = 2 };

/* Both machines are little endian, so header, limit and bill are on the wire as they are in memory. */
struct frame {
  uint32_t length;
  uint32_t id;
  uint8_t type;
  uint8_t flags;
  uint16_t a;
  uint32_t b;
};
_Static_assert(sizeof(struct frame) == 16, "the header's size is part of the protocol");

struct run_limit {
  uint32_t resource;
  uint32_t zero;
  uint64_t soft, hard;
};
_Static_assert(sizeof(struct run_limit) == 24, "a limit's size is part of the protocol");

struct bill {
  uint32_t pid;
  uint32_t peak_memory_kib;
  uint32_t start_micros;
  uint32_t zero;
  uint64_t user_micros, system_micros, wall_micros;
};
_Static_assert(sizeof(struct bill) == 40, "the bill's size is part of the protocol");

/* Strings one behind the other, each ended by a NUL. */
struct strings {
  const char *first;
  size_t size;
  uint32_t count;
};

/* What CONFIG says; it points into the frame. */
struct config_request {
  uint8_t flags;
  uint32_t grace_ms;
  uint32_t passed_pipe_size;
  int32_t oom_score;
  struct strings marker, arguments, variables;
};

/* What START says; it points into the frame. */
struct start_request {
  uint32_t id;
  uint8_t flags;
  uint32_t deadline_ms;
  uint32_t limit_count;
  const void *limits;
  struct strings variables;
  const void *body;
  size_t body_size;
};

/* Each gives NULL, or why the frame cannot be. */
const char *check_header(const struct frame *frame);
const char *parse_config(const struct frame *frame, const void *payload, struct config_request *request);
const char *parse_start(const struct frame *frame, const void *payload, struct start_request *request);

#endif
