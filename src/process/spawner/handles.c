#include "handles.h"

#include "config.h"
#include "events.h"
#include "handle-lines.h"
#include "memory.h"
#include "timers.h"

static const uint64_t RETRY = 10000000; /* nanoseconds */

static int channel = -1;
/* Runs with a descriptor that the channel has not taken yet, in their order. */
static LIST(handing_runs);

void handles_open(int descriptor) {
  bool is_one = descriptor >= 0 && events_watch(SOURCE_HANDLES, descriptor, EPOLLIN | EPOLLOUT | EPOLLET) == 0;
  channel = is_one ? descriptor : -1;
}

bool handles_are_open(void) { return channel >= 0; }

static char *write_text(char *to, const char *text) {
  while (*text) *to++ = *text++;
  return to;
}

static char *write_number(char *to, uint32_t number) {
  char digits[10];
  int count = 0;
  do digits[count++] = (char)('0' + number % 10);
  while (number /= 10);
  while (count) *to++ = digits[--count];
  return to;
}

static size_t write_line(char *line, uint32_t id, int descriptor) {
  char *end = write_text(line, "{\"cmd\":\"NODE_HANDLE\",\"type\":\"net.Native\",\"msg\":{\"id\":");
  end = write_number(end, id);
  end = write_text(end, ",\"fd\":");
  end = write_number(end, (uint32_t)descriptor);
  end = write_text(end, "}}\n");
  return (size_t)(end - line);
}

/*
 * False: not now. The kernel takes such a line whole or not at all, and never glues two that carry a descriptor, so any
 * number of them may be on their way. ETOOMANYREFS: the user has too many on their way, which may be others' as well.
 */
static bool send_handle(uint32_t id, int descriptor, int pipe_end) {
  char line[128];
  struct io_vector vector = {line, write_line(line, id, descriptor)};
  struct descriptor_message rights = {
      .length = sizeof rights - sizeof rights.padding,
      .level = SOL_SOCKET_LEVEL,
      .type = SCM_RIGHTS_TYPE,
      .descriptor = pipe_end,
  };
  struct message message = {.vectors = &vector, .vector_count = 1, .control = &rights, .control_length = sizeof rights};
  long sent;
  do sent = sys(sendmsg, channel, &message, MSG_DONTWAIT_FLAG | MSG_NOSIGNAL_FLAG);
  while (sent == -EINTR);
  if (sent == -ETOOMANYREFS) timers_wake_at(turn_time() + RETRY);
  return sent != -EAGAIN && sent != -ETOOMANYREFS;
}

static bool hand_stdin(struct run *run) {
  if (!send_handle(run->id, STDIN, run->stdin_descriptor)) return false;
  sys(close, run->stdin_descriptor);
  run->stdin_descriptor = -1;
  run->stdin_handing = false;
  return true;
}

static bool hand_stdout(struct run *run) {
  if (!send_handle(run->id, STDOUT, run_output(run, STDOUT)->descriptor)) return false;
  sys(close, run_output(run, STDOUT)->descriptor);
  run->stdout_handing = false;
  return true;
}

/* Node sends its next one when this one is acknowledged. */
static bool acknowledge(void) {
  static const char line[] = "{\"cmd\":\"NODE_HANDLE_ACK\"}\n";
  for (; handle_lines_owed; handle_lines_owed--) {
    long sent;
    do sent = sys(sendto, channel, line, sizeof line - 1, MSG_DONTWAIT_FLAG | MSG_NOSIGNAL_FLAG, NULL);
    while (sent == -EINTR);
    if (sent == -EAGAIN) return false;
  }
  return true;
}

void handles_send(void) {
  if (!acknowledge()) return;
  each_member(run, &handing_runs, struct run, handing) {
    if (run->stdin_handing && !hand_stdin(run)) return;
    if (run->stdout_handing && !hand_stdout(run)) return;
    list_remove(&run->handing);
  }
}

/* A bigger pipe means fewer switches between the processes; where the user's share of pages is used up it stays small. */
static void pass(struct run *run, int pipe_end) {
  if (config.passed_pipe_size) sys(fcntl, pipe_end, F_SETPIPE_SZ, config.passed_pipe_size);
  if (!is_listed(&run->handing)) list_append(&handing_runs, &run->handing);
}

void handles_pass_stdin(struct run *run) {
  sys(fcntl, run->stdin_descriptor, F_SETFL, O_NONBLOCK | O_WRONLY);
  run->stdin_handing = true;
  pass(run, run->stdin_descriptor);
}

void handles_pass_stdout(struct run *run) {
  /* Node's copy keeps the pipe alive, and with it what epoll knows of it. */
  events_forget(run_output(run, STDOUT)->descriptor);
  run->stdout_handing = true;
  pass(run, run_output(run, STDOUT)->descriptor);
}

void handles_forget(struct run *run) {
  if (run->stdout_handing) sys(close, run_output(run, STDOUT)->descriptor);
  if (is_listed(&run->handing)) list_remove(&run->handing);
}

void handles_read(void) {
  if (!handle_lines_read(channel)) events_forget(channel);
}
