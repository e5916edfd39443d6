#include "tests/bench/measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Long against the clock's grain and short against a time slice. */
#define BATCH_NS 1e6

static double now_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static double time_batch(const struct bench_contender *c, uint32_t runs)
{
	double start = now_ns();
	for (uint32_t i = 0; i < runs; i++)
		c->run(c->arg, i);
	return (now_ns() - start) / runs;
}

/* Runs that fill a batch; finding out also warms the caches. */
static uint32_t batch_runs(const struct bench_contender *c)
{
	uint32_t runs = 64;
	while (time_batch(c, runs) * runs < BATCH_NS && runs < UINT32_MAX / 2)
		runs *= 2;
	return runs;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double median(const double v[static BENCH_ROUNDS])
{
	double sorted[BENCH_ROUNDS];
	memcpy(sorted, v, sizeof sorted);
	qsort(sorted, BENCH_ROUNDS, sizeof *sorted, compare);
	return sorted[BENCH_ROUNDS / 2];
}

void bench_measure(struct bench_contender *c, size_t n)
{
	uint32_t runs[16];
	if (n > sizeof runs / sizeof *runs)
		abort();
	for (size_t i = 0; i < n; i++)
		runs[i] = batch_runs(&c[i]);
	for (size_t round = 0; round < BENCH_ROUNDS; round++)
		for (size_t i = 0; i < n; i++)
			c[i].round_ns[round] = time_batch(&c[i], runs[i]);
	for (size_t i = 0; i < n; i++)
		c[i].ns = median(c[i].round_ns);
}

double bench_ratio(const struct bench_contender *a, const struct bench_contender *b)
{
	double ratios[BENCH_ROUNDS];
	for (size_t i = 0; i < BENCH_ROUNDS; i++)
		ratios[i] = a->round_ns[i] / b->round_ns[i];
	return median(ratios);
}

void bench_goal(const char *text, double figure, double most)
{
	printf("  %-40s %7.2f", text, figure);
	if (most > 0)
		printf("   at most %4.2f   %s", most, figure <= most ? "reached" : "MISSED");
	printf("\n");
}
