#include "signals.h"

#include "control.h"
#include "events.h"
#include "memory.h"

static int descriptor = -1;
/* One bit a signal: two of a kind before Node reads the first are one, as everywhere. */
static uint64_t owed;

static uint64_t forwarded_signals(void) {
  return signal_bit(SIGHUP) | signal_bit(SIGINT) | signal_bit(SIGQUIT) | signal_bit(SIGUSR1) | signal_bit(SIGUSR2) |
         signal_bit(SIGTERM);
}

/* What a parent ignored would stay ignored over exec. Of children that stop we want to hear nothing. */
static void reset_dispositions(void) {
  struct {
    uint64_t handler, flags, restorer, mask;
  } by_default = {0}, no_stops = {.flags = SA_NOCLDSTOP};
  for (int signal = 1; signal <= 64; signal++)
    sys(rt_sigaction, signal, signal == SIGCHLD ? &no_stops : &by_default, NULL, sizeof no_stops.mask);
}

long signals_open(bool forward) {
  uint64_t blocked = signal_bit(SIGCHLD) | signal_bit(SIGPIPE) | forwarded_signals();
  uint64_t read = signal_bit(SIGCHLD) | (forward ? forwarded_signals() : 0);
  sys(rt_sigprocmask, SIG_SETMASK, &blocked, NULL, sizeof blocked);
  reset_dispositions();
  descriptor = (int)sys(signalfd4, -1, &read, sizeof read, O_NONBLOCK | O_CLOEXEC);
  return descriptor < 0 ? -descriptor : events_watch(SOURCE_SIGNALS, descriptor, EPOLLIN);
}

bool signals_read(void) {
  struct signalfd_siginfo infos[8];
  bool child = false;
  /* What does not fit is an event again. */
  long size = sys(read, descriptor, infos, sizeof infos);
  for (long i = 0; i < size / (long)sizeof *infos; i++) {
    if (infos[i].ssi_signo == SIGCHLD) child = true;
    else owed |= signal_bit((int)infos[i].ssi_signo);
  }
  return child;
}

void signals_forward(void) {
  for (int signal = 1; owed && signal < 32; signal++) {
    if (!(owed & signal_bit(signal)) || !control_has_room()) continue;
    struct frame frame = {.type = FRAME_SIGNAL, .b = (uint32_t)signal};
    control_emit(&frame, NULL, 0);
    owed &= ~signal_bit(signal);
  }
}

void signals_wait_for_child(uint64_t nanoseconds) {
  uint64_t child = signal_bit(SIGCHLD);
  struct __kernel_timespec time = {0, (long long)nanoseconds};
  sys(rt_sigtimedwait, &child, NULL, &time, sizeof child);
}
