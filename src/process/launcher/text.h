/* Text without a libc. */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stdint.h>

bool text_equals(const char *text, const char *other);

/* What follows `prefix` in the text, or 0 if it begins otherwise. */
const char *text_after(const char *text, const char *prefix);

/* These append at `to`, end with a NUL and return where it stands. */
char *append_text(char *to, const char *text);
char *append_number(char *to, uint64_t number);
char *append_digits(char *to, uint64_t number, int digits);

/* A number from 1 to 65535 written in decimal digits, or 0. */
uint64_t parse_port(const char *text);

/* An IPv4 address in four decimal parts, in the order of the network; 0: it is none, or all of them. */
uint32_t parse_ipv4(const char *text);

#endif
