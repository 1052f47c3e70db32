#include "payload.h"

#include <linux/auxvec.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/memfd.h>

#include "../spawner/kernel.h"
#include "refuse.h"
#include "single-file.h"
#include "text.h"

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 8U
#endif

static const char installed_folder[] = "/usr/lib/fwatchdog";

static int open_at(int folder, const char *path) { return (int)sys(openat, folder, path, O_RDONLY | O_CLOEXEC, 0); }

/* ---- one file ---- */

static int open_own_file(const struct start *start) {
  int file = open_at(AT_FDCWD, "/proc/self/exe");
  const char *path = (const char *)auxiliary(start, AT_EXECFN);
  return file < 0 && path ? open_at(AT_FDCWD, path) : file;
}

static int read_table(int file, struct table *table) {
  long size = sys(lseek, file, 0, SEEK_END);
  long got = sys(pread64, file, table, sizeof *table, size - (long)sizeof *table);
  return got == sizeof *table && text_equals(table->magic, TABLE_MAGIC);
}

static struct part find_part(int file, const struct table *table, enum part_kind kind) {
  for (int i = 0; i < TABLE_ENTRIES; i++) {
    const struct table_entry *entry = table->entries + i;
    if (entry->kind == kind) return (struct part){.fd = file, .offset = entry->offset, .size = entry->size};
  }
  refuse("its own file is damaged");
}

/*
 * The loader opens libraries by name and reads them from their first byte, so each becomes a file of its own, in memory: there may be
 * no folder to write to, and none that programs may be mapped from.
 */
static int copy_to_memory(int file, const struct table_entry *entry) {
  long memory = sys(memfd_create, entry->name, MFD_CLOEXEC | MFD_NOEXEC_SEAL);
  if (memory < 0) memory = sys(memfd_create, entry->name, MFD_CLOEXEC); /* before Linux 6.3 */
  if (memory < 0) refuse("this system has no memfd_create: use the folder form");
  uint64_t offset = entry->offset;
  for (uint64_t left = entry->size; left;) {
    long sent = sys(sendfile, memory, file, &offset, left);
    if (sent <= 0) refuse("no memory for its libraries");
    left -= (uint64_t)sent;
  }
  return (int)memory;
}

static void preload_libraries(int file, const struct table *table, char *to) {
  if (sys(faccessat, AT_FDCWD, "/proc/self/fd", 0) < 0)
    refuse("/proc is not mounted, and without it one file cannot hold libraries: mount it, or use the folder form");
  to = append_text(to, "LD_PRELOAD=");
  for (int i = 0; i < TABLE_ENTRIES; i++) {
    if (table->entries[i].kind != PART_LIBRARY) continue;
    to = append_text(to, "/proc/self/fd/");
    to = append_number(to, (uint64_t)copy_to_memory(file, table->entries + i));
    to = append_text(to, ":");
  }
}

/* ---- a folder ---- */

/* `to` has PATH_SIZE bytes. */
static void find_folder(char *to) {
  long length = sys(readlinkat, AT_FDCWD, "/proc/self/exe", to, PATH_SIZE - 1);
  while (length > 0 && to[length - 1] != '/') length--;
  if (length > 1)
    to[length - 1] = 0;
  else
    append_text(to, installed_folder);
}

static struct part open_in_folder(const char *folder, const char *name) {
  int directory = (int)sys(openat, AT_FDCWD, folder, O_DIRECTORY | O_CLOEXEC, 0);
  int file = open_at(directory, name);
  if (file < 0) refuse("it carries no payload, and its folder holds none: the installation is not whole");
  sys(close, directory);
  return (struct part){.fd = file};
}

/* ---- */

struct part open_licences(const struct start *start) {
  struct table table;
  char folder[PATH_SIZE];
  int file = open_own_file(start);
  if (file >= 0 && read_table(file, &table)) return find_part(file, &table, PART_LICENCES);
  find_folder(folder);
  struct part licences = open_in_folder(folder, "LICENSES");
  licences.size = (uint64_t)sys(lseek, licences.fd, 0, SEEK_END);
  return licences;
}

void open_payload(const struct start *start, struct payload *payload) {
  struct table table;
  char folder[PATH_SIZE];
  int file = open_own_file(start);
  if (file >= 0 && read_table(file, &table)) {
    payload->node = find_part(file, &table, PART_NODE);
    payload->loader = find_part(file, &table, PART_LOADER);
    preload_libraries(file, &table, payload->libraries);
    return;
  }
  find_folder(folder);
  payload->node = open_in_folder(folder, "node");
  payload->loader = open_in_folder(folder, "loader");
  append_text(append_text(payload->libraries, "LD_LIBRARY_PATH="), folder);
}
