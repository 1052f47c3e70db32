#ifndef LOOP_H
#define LOOP_H

/* Turns until somebody ends the spawner. */
_Noreturn void loop_run(void);

#endif
