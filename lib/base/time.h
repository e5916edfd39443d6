/* Times and durations: nanoseconds in 64 bits. */
#ifndef SONDE_BASE_TIME_H
#define SONDE_BASE_TIME_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

typedef int64_t sonde_time; /* ns: since 1970 UTC (negative: before), of the monotonic clock, or of a duration */

#define SONDE_US 1000LL
#define SONDE_MS 1000000LL
#define SONDE_S  1000000000LL

#define SONDE_TIME_STRLEN 40

/* Parse the whole of s as a duration: a decimal number and ns, us, ms, s, m, h or d; without a unit, seconds.
 * Returns 0, SONDE_E_SYNTAX (also for more than nine decimals) or SONDE_E_RANGE (below 0, not a whole number of
 * nanoseconds, or over 292 years). */
int sonde_duration_parse(sonde_time *out, const char *s, size_t len);
/* Parse the whole of s as seconds since 1970, with up to nine decimals; negative for times before. Returns 0,
 * SONDE_E_SYNTAX, or SONDE_E_RANGE for more than 292 years. */
int sonde_time_parse(sonde_time *out, const char *s, size_t len);

/* 1700000000.123456789. Returns out. */
char *sonde_time_format(char out[SONDE_AT_LEAST(SONDE_TIME_STRLEN)], sonde_time t);
/* In the unit that suits people, without rounding: 250us, 1.5s, 90s, 2m, 36h. Returns out. */
char *sonde_duration_format(char out[SONDE_AT_LEAST(SONDE_TIME_STRLEN)], sonde_time t);

#endif
