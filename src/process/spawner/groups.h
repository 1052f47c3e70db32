/* A control group (cgroup v2) is a folder: what is read, written and removed in it. */
#ifndef GROUPS_H
#define GROUPS_H

#include "kernel.h"

enum { GROUP_NAME_SIZE = 64, GROUP_PATH_SIZE = 4096 };

/* A descriptor of the folder, or of a file in it, or a negative errno. */
int group_open(int parent, const char *name);
int group_open_file(int group, const char *file, int flags);

/* 0 or an errno. */
long group_write(int group, const char *file, const char *text);
/* Whether this word is in the file, among words with spaces between them. */
bool group_has_word(int group, const char *file, const char *word);

/* Calls this for each group in this one, which may remove it. */
void group_each(int group, void (*visit)(int parent, const char *name));

/* With all that is in it. False: somebody lives there. */
bool group_remove(int parent, const char *name);

/* Appends at `to`, ends with a NUL and gives where it stands. */
char *path_append(char *to, const char *text);
char *path_append_number(char *to, uint64_t number);

#endif
