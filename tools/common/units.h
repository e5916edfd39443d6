/* Numbers in the units that people read. */
#ifndef SONDE_TOOLS_COMMON_UNITS_H
#define SONDE_TOOLS_COMMON_UNITS_H

#include <stdint.h>

#include "base/time.h"

#define UNITS_STRLEN 24

/* 0, 999, 1.2k, 34k, 5.6M: thousands, rounded to two or three digits. All return out. */
char *units_count(char out[static UNITS_STRLEN], uint64_t n);
/* 12us, 3.4ms, 1.23s, 5m6s. */
char *units_duration(char out[static UNITS_STRLEN], sonde_time t);
/* Seconds with three decimals: 12.345. */
char *units_seconds(char out[static UNITS_STRLEN], sonde_time t);

#endif
