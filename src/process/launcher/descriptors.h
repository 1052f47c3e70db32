/* The two sockets between spawner and Node, and nothing else that is open. */
#ifndef DESCRIPTORS_H
#define DESCRIPTORS_H

enum { NODES_END = 0, SPAWNERS_END = 1 };

struct channels {
  int control[2];
  int handles[2];
};

/* Closes what was inherited beside 0, 1 and 2, and opens the channels. */
struct channels open_channels(void);

/* In Node the control socket is 3 and the handle channel 4, as its environment says. */
void keep_nodes_ends(const struct channels *channels);
void keep_spawners_ends(const struct channels *channels);

#endif
