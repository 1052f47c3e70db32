/* `--licenses`: the texts of everything that the launcher carries. */
#ifndef LICENCES_H
#define LICENCES_H

#include "start.h"

/* The exit code. */
int print_licences(const struct start *start);

#endif
