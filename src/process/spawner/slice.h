/* Time slices of the scheduler. */
#ifndef SLICE_H
#define SLICE_H

enum slice_heirs {
  SLICE_FOR_THREADS, /* and processes: what is started has it too */
  SLICE_FOR_ITSELF,  /* what is started has the kernel's own */
};

/*
 * This thread works for many, in short pieces: it asks to be let in at once when there is something to do, and to be
 * interrupted the sooner for it. It gets no more of the machine than before. Linux 6.12; older kernels take no notice, and
 * where it is forbidden all goes on without.
 */
void ask_for_short_slices(enum slice_heirs heirs);

#endif
