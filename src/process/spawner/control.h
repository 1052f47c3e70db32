/*
 * The control socket. Frames to Node wait in one buffer and leave in one write a turn. There is always room for a small
 * frame when control_has_room says so; whoever finds none waits in his slot and is called again.
 */
#ifndef CONTROL_H
#define CONTROL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "frames.h"

/* Writes the first frame, however long it takes. 0 or an errno. */
long control_open(int descriptor, const struct frame *ready, char *const *strings);

/* Results stop where a read's worth of answers to its frames still fits; output stops earlier, so that results go on. */
bool control_has_room(void);
bool control_has_room_for_output(void);

void control_emit(const struct frame *head, const void *payload, size_t size);
/* A line of text for the log. Where there is no room it is lost. */
void control_warn(const char *text);
/* A place for a frame's payload, to be read into directly: then control_commit. */
void *control_reserve(size_t size);
void control_commit(const struct frame *head, size_t size);

/* Writes what the socket takes, and waits for what it needs next. False: Node has gone. */
bool control_flush(void);

/* One read from the socket. False: Node has gone. */
bool control_read(void);
/* The next whole frame; its payload is valid until the next read. An impossible header ends the spawner. */
bool control_next_frame(struct frame *frame, const void **payload);

/* The buffers' pages go back to the kernel when there was much in them and there is nothing now. */
bool control_was_big(void);
void control_give_pages_back(void);

#endif
