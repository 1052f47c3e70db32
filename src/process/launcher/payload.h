/*
 * What the launcher carries: Node with the watchdog in it, the loader and the libraries that Node needs, and licence texts. They are
 * parts of the launcher's own file, or files in its folder.
 */
#ifndef PAYLOAD_H
#define PAYLOAD_H

#include "elf-file.h"
#include "start.h"

enum { PATH_SIZE = 4096 };

struct payload {
  struct part node;
  struct part loader;
  /* `NAME=value` for Node's environment: how the loader finds the libraries. */
  char libraries[PATH_SIZE + 32];
};

/* What is printed for `--licenses`, with nothing made ready for Node. */
struct part open_licences(const struct start *start);

void open_payload(const struct start *start, struct payload *payload);

#endif
