#include "version.h"

#include "../spawner/kernel.h"
#include "text.h"

/* The build gives them; a build by hand need not. */
#ifndef BREEZE_VERSION
#define BREEZE_VERSION "dev"
#endif
#ifndef BREEZE_SHA
#define BREEZE_SHA "unknown"
#endif

struct date {
  uint64_t year, month, day;
};

/* Days since 1970 in the Gregorian calendar; years are counted from March, so that the leap day is a year's last. */
static struct date date_of(uint64_t days) {
  uint64_t shifted = days + 719468;
  uint64_t era = shifted / 146097, day_of_era = shifted % 146097;
  uint64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  uint64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  uint64_t month_from_march = (5 * day_of_year + 2) / 153;
  uint64_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  return (struct date){
      .year = era * 400 + year_of_era + (month <= 2),
      .month = month,
      .day = day_of_year - (153 * month_from_march + 2) / 5 + 1,
  };
}

/* YYYY/MM/DD HH:MM:SS, in UTC: time zones are a libc's business. */
static char *append_time(char *to, uint64_t seconds) {
  struct date date = date_of(seconds / 86400);
  uint64_t second = seconds % 86400;
  to = append_text(append_digits(to, date.year, 4), "/");
  to = append_text(append_digits(to, date.month, 2), "/");
  to = append_text(append_digits(to, date.day, 2), " ");
  to = append_text(append_digits(to, second / 3600, 2), ":");
  to = append_text(append_digits(to, second / 60 % 60, 2), ":");
  return append_digits(to, second % 60, 2);
}

void print_version(void) {
  char line[160];
  struct __kernel_timespec now = {0};
  sys(clock_gettime, 0 /* CLOCK_REALTIME */, &now);
  char *end = append_time(line, (uint64_t)now.tv_sec);
  end = append_text(end, " Version: " BREEZE_VERSION "\tSHA: " BREEZE_SHA "\n");
  sys(write, STDERR, line, end - line);
}
