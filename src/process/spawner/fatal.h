/* The ends of the spawner. */
#ifndef FATAL_H
#define FATAL_H

enum { EXIT_PROTOCOL = 70 };

/* Says why on stderr, kills every session, and exits with 70. */
_Noreturn void fatal(const char *why);

/* Kills every session, until none is left or two seconds are over, and exits. In the image Node is waited for, too. */
_Noreturn void end_spawner(int exit_code);

#endif
