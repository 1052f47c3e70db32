#include "refuse.h"

#include "../spawner/kernel.h"
#include "../spawner/memory.h"
#include "text.h"

void refuse(const char *why) {
  char line[256];
  char *end = append_text(append_text(append_text(line, "fwatchdog: "), why), "\n");
  sys(write, STDERR, line, end - line);
  for (;;) sys(exit_group, 1);
}
