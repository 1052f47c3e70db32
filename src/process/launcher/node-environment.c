#include "node-environment.h"

#include <stdbool.h>
#include <stddef.h>

#include "text.h"

/*
 * The container's environment is the function's: what a Python or Node image sets there for its program must not configure the
 * watchdog, let alone keep it from starting. The function gets all of it from the spawner.
 */
static const char *const not_for_node[] = {
    "NODE_",    "UV_",     "SSL_CERT_",        "OPENSSL_",   "ICU_DATA=", /* Node and what is in it */
    "LD_",      "MALLOC_", "GLIBC_TUNABLES=",  "GCONV_PATH=", "LOCPATH=", /* the loader and libc */
    "BREEZE_SPAWNER_FD=",
};

static bool is_for_node(const char *variable) {
  for (size_t i = 0; i < sizeof not_for_node / sizeof *not_for_node; i++)
    if (text_after(variable, not_for_node[i])) return false;
  return true;
}

uint64_t fill_node_environment(char **container, char *libraries, char **to) {
  /*
   * One heap that is trimmed soon: what a load once took goes back to the kernel. The threshold for mappings of their own stays
   * at libc's first value, set so that it does not move: lower, and each 64 KiB of a stream is a mapping, at half the throughput.
   */
  static char *const added[] = {
      "BREEZE_SPAWNER_FD=3",
      "NODE_CHANNEL_FD=4",
      "MALLOC_ARENA_MAX=1",
      "MALLOC_MMAP_THRESHOLD_=131072",
      "MALLOC_TRIM_THRESHOLD_=16384",
      "MALLOC_TOP_PAD_=16384",
  };
  uint64_t count = 0;
  for (size_t i = 0; i < sizeof added / sizeof *added; i++) to[count++] = added[i];
  to[count++] = libraries;
  for (; *container; container++)
    if (is_for_node(*container)) to[count++] = *container;
  to[count] = NULL;
  return count;
}
