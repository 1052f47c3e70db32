/* The one way in which the launcher gives up: a line that says why. */
#ifndef REFUSE_H
#define REFUSE_H

__attribute__((noreturn)) void refuse(const char *why);

#endif
