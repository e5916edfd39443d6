/* Captures may have times from 1677 to 2262: what lies between two of them may not fit a sonde_time, and is then the
 * longest span that does. */
#ifndef SONDE_BASE_SPAN_H
#define SONDE_BASE_SPAN_H

#include "base/time.h"

/* How much later a is than b; negative: earlier. */
static inline sonde_time sonde_time_since(sonde_time a, sonde_time b)
{
	sonde_time span;
	return __builtin_sub_overflow(a, b, &span) ? (a < b ? INT64_MIN : INT64_MAX) : span;
}

/* The time, or the span, that is so much longer. */
static inline sonde_time sonde_time_plus(sonde_time t, sonde_time span)
{
	sonde_time sum;
	return __builtin_add_overflow(t, span, &sum) ? (span < 0 ? INT64_MIN : INT64_MAX) : sum;
}

#endif
