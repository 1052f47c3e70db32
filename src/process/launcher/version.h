/* `--version`: the line that also begins every start of the watchdog. */
#ifndef VERSION_H
#define VERSION_H

void print_version(void);

#endif
