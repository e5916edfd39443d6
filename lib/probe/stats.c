#include "probe/stats.h"

#include <math.h>

void sonde_stats_add(struct sonde_stats *s, sonde_time sample_ns)
{
	double x = (double)sample_ns, before = s->mean;
	if (s->n == 0 || sample_ns < s->min_ns)
		s->min_ns = sample_ns;
	if (s->n == 0 || sample_ns > s->max_ns)
		s->max_ns = sample_ns;
	if (s->n > 0)
		s->jitter_ns += (fabs(x - (double)s->last_ns) - s->jitter_ns) / 16;
	s->n++;
	s->last_ns = sample_ns;
	s->mean += (x - before) / (double)s->n;
	s->m2 += (x - before) * (x - s->mean);
}

double sonde_stats_stddev(const struct sonde_stats *s)
{
	return s->n ? sqrt(s->m2 / (double)s->n) : 0;
}

/* Below the first octave with enough values, a bucket is one nanosecond. */
static unsigned bucket_of(uint64_t ns)
{
	if (ns < SONDE_HISTOGRAM_SUB)
		return (unsigned)ns;
	unsigned top = 63 - (unsigned)__builtin_clzll(ns), shift = top - 5;
	unsigned bucket = (shift + 1) * SONDE_HISTOGRAM_SUB + (unsigned)(ns >> shift) - SONDE_HISTOGRAM_SUB;
	unsigned last = SONDE_HISTOGRAM_OCTAVES * SONDE_HISTOGRAM_SUB - 1;
	return bucket < last ? bucket : last;
}

sonde_time sonde_histogram_start(unsigned bucket)
{
	unsigned octave = bucket / SONDE_HISTOGRAM_SUB, sub = bucket % SONDE_HISTOGRAM_SUB;
	if (octave == 0)
		return sub;
	return (sonde_time)(SONDE_HISTOGRAM_SUB + sub) << (octave - 1);
}

void sonde_histogram_add(struct sonde_histogram *h, sonde_time sample_ns)
{
	if (h->n == 0 || sample_ns > h->max_ns)
		h->max_ns = sample_ns;
	h->n++;
	h->counts[bucket_of(sample_ns > 0 ? (uint64_t)sample_ns : 0)]++;
}

sonde_time sonde_histogram_quantile(const struct sonde_histogram *h, double share)
{
	uint64_t want = (uint64_t)ceil(share * (double)h->n), seen = 0;
	if (h->n == 0)
		return 0;
	for (unsigned b = 0;; b++) {
		seen += h->counts[b];
		if (seen >= want && seen > 0) {
			sonde_time end = sonde_histogram_start(b + 1) - 1;
			return end < h->max_ns ? end : h->max_ns;
		}
	}
}
