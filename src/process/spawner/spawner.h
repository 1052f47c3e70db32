/* What a program that is the spawner calls: `main.c` from source, the launcher in the image. */
#ifndef SPAWNER_H
#define SPAWNER_H

#include <stddef.h>

/* How a child comes to be; where the kernel refuses one, the next is tried. */
enum clone_mode {
  CLONE_SHARED,   /* it shares our memory until exec, and nobody waits */
  CLONE_WAITING,  /* the same, and we wait for its exec */
  CLONE_COPIED,   /* a plain fork */
};

struct spawner_setup {
  /* The control socket. */
  int control;
  /* The handle channel; -1: none, then all output stays in frames and a body has to be complete. */
  int handles;
  /* Node's pid where it is our child (the image): its exit code becomes ours, signals to us become its frames. 0: not. */
  int node;
  /* Told in READY; ended by NULL. NULL: nothing is told. */
  char *const *environment;
  enum clone_mode clone_mode;
  /* AT_PAGESZ of the auxiliary vector. */
  size_t page_size;
};

/*
 * Runs until Node ends. Signals may be blocked already, and should be in the image, so that none is lost before. Makes
 * the process not dumpable and a subreaper, and sets close-on-exec on whatever it inherited beyond stderr.
 */
_Noreturn void run_spawner(const struct spawner_setup *setup);

#endif
