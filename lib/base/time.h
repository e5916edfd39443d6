/* Times and durations: nanoseconds in 64 bits. */
#ifndef SONDE_BASE_TIME_H
#define SONDE_BASE_TIME_H

#include <stddef.h>
#include <stdint.h>

typedef int64_t sonde_time; /* a time: ns since 1970 UTC, or of the monotonic clock; a duration: ns */

#define SONDE_US 1000LL
#define SONDE_MS 1000000LL
#define SONDE_S  1000000000LL

#define SONDE_TIME_STRLEN 40

/* Read the whole of s as a duration: a decimal number and ns, us, ms, s, m, h or d; without a unit, seconds.
 * Returns 0, SONDE_E_SYNTAX (also for more than nine decimals) or SONDE_E_RANGE (below 0, not a whole number of
 * nanoseconds, or over 292 years). */
int sonde_duration_parse(sonde_time *out, const char *s, size_t len);
/* Read the whole of s as seconds since 1970, with up to nine decimals. Returns as above. */
int sonde_time_parse(sonde_time *out, const char *s, size_t len);

/* 1700000000.123456789. Returns out. */
char *sonde_time_format(char out[static SONDE_TIME_STRLEN], sonde_time t);
/* An exact form for people: 250us, 1.5s, 90s, 2m, 36h. Returns out. */
char *sonde_duration_format(char out[static SONDE_TIME_STRLEN], sonde_time t);

#endif
