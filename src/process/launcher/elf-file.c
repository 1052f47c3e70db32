#include "elf-file.h"

#include <linux/elf.h>
#include <linux/mman.h>

#include "../spawner/kernel.h"
#include "../spawner/memory.h"

#include "refuse.h"

enum { MOST_HEADERS = 32 };

/* Pages are counted with the machine's own size: 4 KiB, or 16 or 64 on arm64. */
struct mapping {
  const struct part *part;
  enum page_use use;
  uint64_t base;
  uint64_t fixed;     /* how mmap is told where */
  uint64_t mapped_to; /* end of the pages that earlier segments have */
};

static uint64_t page_start(uint64_t address) { return address & ~(page_size - 1); }

static uint64_t page_end(uint64_t address) { return page_start(address + page_size - 1); }

static void read_at(const struct part *part, uint64_t offset, void *to, uint64_t size) {
  if (sys(pread64, part->fd, to, size, part->offset + offset) != (long)size) refuse("its own file is cut short");
}

static uint64_t protection_of(const Elf64_Phdr *segment) {
  uint64_t flags = segment->p_flags;
  return (flags & PF_R ? PROT_READ : 0) | (flags & PF_W ? PROT_WRITE : 0) | (flags & PF_X ? PROT_EXEC : 0);
}

/* A position-independent file goes where the kernel has room for all of it. */
static uint64_t reserve(const Elf64_Phdr *headers, uint64_t count) {
  uint64_t low = ~0ull, high = 0;
  for (uint64_t i = 0; i < count; i++) {
    if (headers[i].p_type != PT_LOAD) continue;
    uint64_t end = page_end(headers[i].p_vaddr + headers[i].p_memsz);
    if (page_start(headers[i].p_vaddr) < low) low = page_start(headers[i].p_vaddr);
    if (end > high) high = end;
  }
  long room = sys(mmap, 0, high - low, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (room < 0) refuse("no room for the loader");
  return (uint64_t)room - low;
}

static void map_file_pages(struct mapping *mapping, const Elf64_Phdr *segment) {
  uint64_t start = page_start(mapping->base + segment->p_vaddr);
  uint64_t file = page_start(mapping->part->offset + segment->p_offset);
  uint64_t end = page_end(mapping->base + segment->p_vaddr + segment->p_filesz);
  /*
   * What was injected into node is aligned to 4 KiB. Where pages are bigger it begins on the last page of the segment before it,
   * which holds it already: the two are as far apart in the file as in memory.
   */
  if (start < mapping->mapped_to) {
    file += mapping->mapped_to - start;
    start = mapping->mapped_to;
  }
  if (start >= end) return;
  long mapped = sys(mmap, start, end - start, protection_of(segment), MAP_PRIVATE | mapping->fixed,
                    mapping->part->fd, file);
  if (mapped != (long)start) refuse("node cannot be mapped");
  /* Read-ahead would fill a small memory limit with code that is never run. */
  if (mapping->use == PAGES_AT_RANDOM) sys(madvise, start, end - start, MADV_RANDOM);
  mapping->mapped_to = end;
}

/* Behind the bytes of the file come zeros: the rest of the last page, and pages of their own. */
static void map_zeros(struct mapping *mapping, const Elf64_Phdr *segment) {
  uint64_t bytes_end = mapping->base + segment->p_vaddr + segment->p_filesz;
  uint64_t end = page_end(mapping->base + segment->p_vaddr + segment->p_memsz);
  if (segment->p_memsz == segment->p_filesz) return;
  uint64_t pages = page_end(bytes_end);
  if (segment->p_filesz) memset((void *)bytes_end, 0, pages - bytes_end);
  if (end <= pages) return;
  long mapped = sys(mmap, pages, end - pages, protection_of(segment),
                    MAP_PRIVATE | MAP_ANONYMOUS | mapping->fixed, -1, 0);
  if (mapped != (long)pages) refuse("no memory for node");
  mapping->mapped_to = end;
}

static uint64_t address_of_headers(const struct mapping *mapping, const Elf64_Ehdr *file, const Elf64_Phdr *headers) {
  for (uint64_t i = 0; i < file->e_phnum; i++) {
    const Elf64_Phdr *segment = headers + i;
    if (segment->p_type != PT_LOAD || file->e_phoff < segment->p_offset) continue;
    if (file->e_phoff < segment->p_offset + segment->p_filesz) return mapping->base + segment->p_vaddr + file->e_phoff - segment->p_offset;
  }
  refuse("its own file is damaged");
}

struct mapped_elf map_elf(const struct part *part, enum page_use use) {
  Elf64_Ehdr file;
  Elf64_Phdr headers[MOST_HEADERS];
  read_at(part, 0, &file, sizeof file);
  if (file.e_phnum > MOST_HEADERS) refuse("its own file is damaged");
  read_at(part, file.e_phoff, headers, file.e_phnum * sizeof *headers);

  /* A program with fixed addresses must find them free, the launcher's own pages above all. */
  struct mapping mapping = {.part = part, .use = use, .fixed = MAP_FIXED_NOREPLACE};
  if (file.e_type == ET_DYN) {
    mapping.base = reserve(headers, file.e_phnum);
    mapping.fixed = MAP_FIXED;
  }
  for (uint64_t i = 0; i < file.e_phnum; i++) {
    if (headers[i].p_type != PT_LOAD) continue;
    map_file_pages(&mapping, headers + i);
    map_zeros(&mapping, headers + i);
  }
  return (struct mapped_elf){
      .base = mapping.base,
      .entry = mapping.base + file.e_entry,
      .headers = address_of_headers(&mapping, &file, headers),
      .header_count = file.e_phnum,
  };
}
