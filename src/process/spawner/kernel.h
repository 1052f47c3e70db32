/* The kernel's types and constants that its own headers keep for a libc to define. */
#ifndef KERNEL_H
#define KERNEL_H

#include <asm/errno.h>
#include <asm/ioctls.h>
#include <asm/signal.h>
#include <linux/eventpoll.h>
#include <linux/fcntl.h>
#include <linux/prctl.h>
#include <linux/resource.h>
#include <linux/sched.h>
#include <linux/signalfd.h>
#include <linux/stat.h>
#include <linux/time_types.h>
#include <linux/wait.h>
#include <stdbool.h>

#include "machine.h"

#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC (1U << 2)
#endif

/* A pid is never 0 here: 0 says "none". */
typedef int32_t pid_number;

enum { STDIN = 0, STDOUT = 1, STDERR = 2, CONTROL_DESCRIPTOR = 3 };

static inline uint64_t signal_bit(int signal) { return 1ULL << (signal - 1); }

/* What waitid(2) tells; the kernel's own is a union of 128 bytes. */
struct wait_info {
  int32_t signal, error, code, padding;
  pid_number pid;
  uint32_t uid;
  int32_t status;
  char rest[128 - 7 * 4];
};

struct resource_limit {
  uint64_t soft, hard;
};

/* As getdents64(2) has it. */
struct directory_entry {
  uint64_t inode, offset;
  uint16_t length;
  uint8_t type;
  char name[];
};

struct io_vector {
  void *base;
  size_t length;
};

struct message {
  void *name;
  uint32_t name_length;
  struct io_vector *vectors;
  size_t vector_count;
  void *control;
  size_t control_length;
  uint32_t flags;
};

/* One descriptor beside a message: SCM_RIGHTS. */
struct descriptor_message {
  size_t length;
  int32_t level, type;
  int32_t descriptor, padding;
};

enum { SOL_SOCKET_LEVEL = 1, SCM_RIGHTS_TYPE = 1, MSG_DONTWAIT_FLAG = 0x40, MSG_NOSIGNAL_FLAG = 0x4000 };

static inline uint64_t now_nanoseconds(void) {
  struct __kernel_timespec time;
  sys(clock_gettime, 1 /* CLOCK_MONOTONIC */, &time);
  return (uint64_t)time.tv_sec * 1000000000ULL + (uint64_t)time.tv_nsec;
}

#endif
