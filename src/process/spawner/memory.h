/* Memory without a libc: pages from the kernel, and the four functions that the compiler itself calls. */
#ifndef MEMORY_H
#define MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The machine's: 4 KiB on x86-64; 4, 16 or 64 KiB on arm64. */
extern size_t page_size;

void *memcpy(void *restrict to, const void *restrict from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int byte, size_t size);
int memcmp(const void *a, const void *b, size_t size);

size_t text_length(const char *text);

size_t whole_pages(size_t size);
/* Zeroed pages, or NULL when there is no memory. */
void *map_pages(size_t size);
/* The same, still shared after a fork. */
void *map_shared_pages(size_t size);
void unmap_pages(void *pages, size_t size);
/* The pages stay usable, zeroed again, and cost nothing until then. */
void give_pages_back(void *pages, size_t size);
/* From here on the peak of our memory is what it is now; where the kernel lets us. */
void open_peak_memory(void);
void reset_peak_memory(void);
/* Our oom_score_adj, which what we start inherits: set once, where the kernel lets us. */
void open_oom_score(void);
void set_oom_score(int32_t score);
/* A touch ends the process that overruns its neighbour. */
bool guard_pages(void *pages, size_t size);

#endif
