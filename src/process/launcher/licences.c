#include "licences.h"

#include "../spawner/kernel.h"
#include "../spawner/memory.h"
#include "payload.h"

int print_licences(const struct start *start) {
  char piece[4096];
  struct part licences = open_licences(start);
  while (licences.size > 0) {
    size_t wanted = licences.size < sizeof piece ? licences.size : sizeof piece;
    long got = sys(pread64, licences.fd, piece, wanted, licences.offset);
    if (got <= 0) return 1;
    for (long written = 0; written < got;) {
      long more = sys(write, STDOUT, piece + written, got - written);
      if (more <= 0) return 1;
      written += more;
    }
    licences.offset += (uint64_t)got;
    licences.size -= (uint64_t)got;
  }
  return 0;
}
