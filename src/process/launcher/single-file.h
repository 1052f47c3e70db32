/* The table at the end of the single file says where its parts lie; `.build/pack.mjs` writes it. */
#ifndef SINGLE_FILE_H
#define SINGLE_FILE_H

#include <stdint.h>

enum part_kind { PART_NODE = 1, PART_LOADER = 2, PART_LIBRARY = 3, PART_LICENCES = 4 };

struct table_entry {
  uint64_t offset; /* of node and loader: a multiple of 64 KiB, the largest page there is */
  uint64_t size;
  uint64_t kind;
  char name[40];
};

enum { TABLE_ENTRIES = 16 };

struct table {
  struct table_entry entries[TABLE_ENTRIES]; /* unused ones are zero */
  char magic[16];
};

#define TABLE_MAGIC "breeze-payload1"

#endif
