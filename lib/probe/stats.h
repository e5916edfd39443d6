/* Statistics of round-trip times in fixed memory. */
#ifndef SONDE_PROBE_STATS_H
#define SONDE_PROBE_STATS_H

#include <stdint.h>

#include "base/time.h"

/* Sums over samples, as they come. Zeroed, it is empty. */
struct sonde_stats {
	uint64_t n;
	sonde_time min_ns, max_ns, last_ns;
	double mean, m2;  /* Welford's: the mean, and the sum of squared differences from it */
	double jitter_ns; /* RFC 3550, 6.4.1: smoothed differences of successive samples */
};

void sonde_stats_add(struct sonde_stats *s, sonde_time sample_ns);
/* Of the samples themselves (divided by n). 0 without samples. */
double sonde_stats_stddev(const struct sonde_stats *s);

/* How samples are spread: 32 buckets for each power of two of nanoseconds, so that a bucket is at most 1/32 wide.
 * Zeroed, it is empty. */
#define SONDE_HISTOGRAM_SUB     32
#define SONDE_HISTOGRAM_OCTAVES 40 /* over 18 minutes */
struct sonde_histogram {
	uint64_t n;
	sonde_time max_ns; /* the greatest sample */
	uint32_t counts[SONDE_HISTOGRAM_OCTAVES * SONDE_HISTOGRAM_SUB];
};

void sonde_histogram_add(struct sonde_histogram *h, sonde_time sample_ns);
/* The least time that at least `share` (0 to 1) of the samples do not exceed, to the width of a bucket: its upper end,
 * less one, or the greatest sample where that lies below. 0 without samples. */
sonde_time sonde_histogram_quantile(const struct sonde_histogram *h, double share);
/* The first time of a bucket, ns. */
sonde_time sonde_histogram_start(unsigned bucket);

#endif
