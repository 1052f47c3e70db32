#include "environment.h"

#include "config.h"
#include "memory.h"

enum { MARKER_INDEX = 0, ID_LENGTH = 9 /* a dash and eight digits */ };

/* The first entry is the marker's place, filled in for each run. */
static char **base;
static uint32_t base_count;

/* Names to indices of the base, from 1: open addressing, at most half full. */
static uint32_t *places;
static uint32_t place_mask;

static size_t name_length(const char *variable) {
  size_t length = 0;
  while (variable[length] && variable[length] != '=') length++;
  return length;
}

static uint32_t hash(const char *name, size_t length) {
  uint32_t value = 2166136261u;
  for (size_t i = 0; i < length; i++) value = (value ^ (uint8_t)name[i]) * 16777619u;
  return value;
}

static bool has_name(const char *variable, const char *name, size_t length) {
  return name_length(variable) == length && memcmp(variable, name, length) == 0;
}

/* The place of this name, or the free one where it belongs. */
static uint32_t *find_place(const char *name, size_t length) {
  uint32_t i = hash(name, length) & place_mask;
  while (places[i] && !has_name(base[places[i] - 1], name, length)) i = (i + 1) & place_mask;
  return &places[i];
}

static void add_to_base(char *variable) {
  uint32_t *place = find_place(variable, name_length(variable));
  if (*place) return;
  base[base_count++] = variable;
  *place = base_count;
}

bool environment_set_base(char **variables, uint32_t count) {
  uint32_t size = 16;
  while (size < 2 * (count + 1)) size *= 2;
  place_mask = size - 1;
  places = map_pages(size * sizeof *places);
  base = map_pages((count + 1) * sizeof *base);
  if (!places || !base) return false;
  add_to_base((char *)config.marker);
  for (uint32_t i = 0; i < count; i++) add_to_base(variables[i]);
  return true;
}

const char *environment_base_value(const char *name, const char *otherwise) {
  size_t length = name_length(name);
  uint32_t index = *find_place(name, length);
  return index && base[index - 1][length] == '=' ? base[index - 1] + length + 1 : otherwise;
}

static void write_marker(char *to, uint32_t id) {
  memcpy(to, config.marker, config.marker_length);
  to += config.marker_length;
  *to++ = '-';
  for (int shift = 28; shift >= 0; shift -= 4) *to++ = "0123456789abcdef"[id >> shift & 15];
  *to = 0;
}

/* In the slot if it fits, else in pages of its own. */
static char *make_room(struct run *run, size_t size) {
  size_t room;
  char *place = run_room(run, &room);
  if (size <= room) return place;
  run->large_environment = map_pages(size);
  run->large_environment_size = size;
  return run->large_environment;
}

long environment_build(struct run *run, const struct strings *variables) {
  size_t list_size = (base_count + variables->count + 1) * sizeof *base;
  size_t marker_size = config.marker_length + ID_LENGTH + 1;
  char *room = make_room(run, list_size + marker_size + variables->size);
  if (!room) return ENOMEM;
  char **list = run->environment = (char **)(void *)room;
  char *marker = room + list_size, *text = marker + marker_size;
  memcpy(text, variables->first, variables->size);
  memcpy(list, base, base_count * sizeof *base);
  uint32_t count = base_count;
  for (uint32_t i = 0; i < variables->count; i++, text += text_length(text) + 1) {
    uint32_t index = *find_place(text, name_length(text));
    list[index ? index - 1 : count++] = text;
  }
  write_marker(marker, run->id);
  list[MARKER_INDEX] = marker;
  list[count] = NULL;
  return 0;
}

static int hex_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

bool environment_read_marker(const char *variable, size_t length, uint32_t *id) {
  if (length != config.marker_length + ID_LENGTH || variable[config.marker_length] != '-') return false;
  if (memcmp(variable, config.marker, config.marker_length) != 0) return false;
  uint32_t value = 0;
  for (const char *digit = variable + config.marker_length + 1; digit < variable + length; digit++) {
    if (hex_value(*digit) < 0) return false;
    value = value << 4 | (uint32_t)hex_value(*digit);
  }
  *id = value;
  return true;
}
