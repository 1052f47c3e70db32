#include "memory.h"

#include "kernel.h"
#include <linux/mman.h>

size_t page_size = 4096;

/* Sixteen bytes, at any address: one load and one store on both machines. */
typedef uint8_t chunk __attribute__((vector_size(16), aligned(1), may_alias));

void *memcpy(void *restrict to, const void *restrict from, size_t size) {
  uint8_t *target = to;
  const uint8_t *source = from;
  for (; size >= 64; size -= 64, target += 64, source += 64) {
    chunk a = *(const chunk *)source, b = *(const chunk *)(source + 16);
    chunk c = *(const chunk *)(source + 32), d = *(const chunk *)(source + 48);
    *(chunk *)target = a, *(chunk *)(target + 16) = b;
    *(chunk *)(target + 32) = c, *(chunk *)(target + 48) = d;
  }
  for (; size >= 16; size -= 16, target += 16, source += 16) *(chunk *)target = *(const chunk *)source;
  while (size--) *target++ = *source++;
  return to;
}

void *memmove(void *to, const void *from, size_t size) {
  uint8_t *target = to;
  const uint8_t *source = from;
  if (target <= source || target >= source + size) {
    /* Downwards a chunk is loaded before the one that overwrites its place is stored: 16 at a time, never 64. */
    for (; size >= 16; size -= 16, target += 16, source += 16) *(chunk *)target = *(const chunk *)source;
    while (size--) *target++ = *source++;
  } else {
    while (size--) target[size] = source[size];
  }
  return to;
}

void *memset(void *to, int byte, size_t size) {
  uint8_t *target = to;
  while (size--) *target++ = (uint8_t)byte;
  return to;
}

int memcmp(const void *a, const void *b, size_t size) {
  const uint8_t *left = a, *right = b;
  for (; size; size--, left++, right++)
    if (*left != *right) return *left - *right;
  return 0;
}

size_t text_length(const char *text) {
  size_t length = 0;
  while (text[length]) length++;
  return length;
}

size_t whole_pages(size_t size) { return (size + page_size - 1) & ~(page_size - 1); }

static void *map(size_t size, unsigned long flags) {
  long result = sys(mmap, 0, whole_pages(size), PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0);
  return result < 0 && result > -4096 ? NULL : (void *)result;
}

void *map_pages(size_t size) { return map(size, MAP_PRIVATE); }

void *map_shared_pages(size_t size) { return map(size, MAP_SHARED); }

void unmap_pages(void *pages, size_t size) { sys(munmap, pages, whole_pages(size)); }

void give_pages_back(void *pages, size_t size) { sys(madvise, pages, size, MADV_DONTNEED); }

bool guard_pages(void *pages, size_t size) { return sys(mprotect, pages, size, PROT_NONE) == 0; }

static int peak = -1;

void open_peak_memory(void) { peak = (int)sys(openat, AT_FDCWD, "/proc/self/clear_refs", O_WRONLY | O_CLOEXEC); }

void reset_peak_memory(void) {
  if (peak >= 0) sys(write, peak, "5", 1);
}

static int oom_score = -1;

void open_oom_score(void) { oom_score = (int)sys(openat, AT_FDCWD, "/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC); }

void set_oom_score(int32_t score) {
  char text[12], *end = text + sizeof text, *at = end;
  uint32_t rest = score < 0 ? 0u - (uint32_t)score : (uint32_t)score;
  if (oom_score < 0) return;
  do *--at = (char)('0' + rest % 10);
  while (rest /= 10);
  if (score < 0) *--at = '-';
  sys(write, oom_score, at, end - at);
  sys(close, oom_score);
}
