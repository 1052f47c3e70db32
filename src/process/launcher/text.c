#include "text.h"

bool text_equals(const char *text, const char *other) {
  const char *rest = text_after(text, other);
  return rest && !*rest;
}

const char *text_after(const char *text, const char *prefix) {
  while (*prefix)
    if (*text++ != *prefix++) return 0;
  return text;
}

char *append_text(char *to, const char *text) {
  while (*text) *to++ = *text++;
  *to = 0;
  return to;
}

char *append_number(char *to, uint64_t number) {
  int digits = 1;
  for (uint64_t rest = number; rest > 9; rest /= 10) digits++;
  return append_digits(to, number, digits);
}

char *append_digits(char *to, uint64_t number, int digits) {
  for (int place = digits - 1; place >= 0; place--, number /= 10) to[place] = (char)('0' + number % 10);
  to[digits] = 0;
  return to + digits;
}

uint64_t parse_port(const char *text) {
  uint64_t port = 0;
  if (!*text) return 0;
  for (; *text; text++) {
    if (*text < '0' || *text > '9') return 0;
    port = port * 10 + (uint64_t)(*text - '0');
    if (port > 65535) return 0;
  }
  return port;
}

uint32_t parse_ipv4(const char *text) {
  uint8_t parts[4] = {0};
  for (int i = 0; i < 4; i++) {
    unsigned part = 0;
    int digits = 0;
    for (; *text >= '0' && *text <= '9' && digits < 4; text++, digits++) part = part * 10 + (unsigned)(*text - '0');
    if (!digits || part > 255 || *text != (i < 3 ? '.' : 0)) return 0;
    parts[i] = (uint8_t)part;
    text++;
  }
  return (uint32_t)parts[0] | (uint32_t)parts[1] << 8 | (uint32_t)parts[2] << 16 | (uint32_t)parts[3] << 24;
}
