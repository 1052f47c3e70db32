/* A list that its members are linked into; taking one out needs no search. */
#ifndef LIST_H
#define LIST_H

#include <stdbool.h>
#include <stddef.h>

struct link {
  struct link *next, *previous;
};

#define LIST(name) struct link name = {&name, &name}
#define member_of(link, type, field) ((type *)(void *)((char *)(link)-offsetof(type, field)))
/* The current member may be taken out, no other. */
#define each_member(item, list, type, field)                                                              \
  for (type *item = member_of((list)->next, type, field), *item##_next = member_of(item->field.next, type, field); \
       &item->field != (list);                                                                            \
       item = item##_next, item##_next = member_of(item->field.next, type, field))

static inline bool list_is_empty(const struct link *list) { return list->next == list; }

static inline bool is_listed(const struct link *link) { return link->next != NULL; }

static inline void list_append(struct link *list, struct link *link) {
  link->next = list;
  link->previous = list->previous;
  list->previous->next = link;
  list->previous = link;
}

static inline void list_remove(struct link *link) {
  link->previous->next = link->next;
  link->next->previous = link->previous;
  *link = (struct link){NULL, NULL};
}

/* All members of one list to the end of another. */
static inline void list_move(struct link *to, struct link *from) {
  while (!list_is_empty(from)) {
    struct link *link = from->next;
    list_remove(link);
    list_append(to, link);
  }
}

#endif
