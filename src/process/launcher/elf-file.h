/* Maps a program or its loader out of a file, as the kernel does at execve(2). */
#ifndef ELF_FILE_H
#define ELF_FILE_H

#include <stddef.h>
#include <stdint.h>

/* Where something lies: whole files, or parts of the launcher's own. */
struct part {
  int fd;
  uint64_t offset;
  uint64_t size;
};

struct mapped_elf {
  uint64_t base; /* what was added to its addresses; 0 for a program with fixed ones */
  uint64_t entry;
  uint64_t headers; /* address of its program headers */
  uint64_t header_count;
};

enum page_use { PAGES_AS_THEY_COME, PAGES_AT_RANDOM };

struct mapped_elf map_elf(const struct part *part, enum page_use use);

#endif
