/* Measures contenders side by side: in rounds, each contender once a round, so that what disturbs the machine disturbs
 * all of them; results are medians over the rounds. */
#ifndef SONDE_TESTS_BENCH_MEASURE_H
#define SONDE_TESTS_BENCH_MEASURE_H

#include <stddef.h>
#include <stdint.h>

#define BENCH_ROUNDS 31

struct bench_contender {
	const char *name;
	void (*run)(void *arg, uint32_t i); /* do the work once; i differs from call to call */
	void *arg;
	double ns;                          /* median of one run, filled by bench_measure */
	double round_ns[BENCH_ROUNDS];
};

/* Measure n contenders. */
void bench_measure(struct bench_contender *c, size_t n);

/* The median over the rounds of a's time over b's in the same round. */
double bench_ratio(const struct bench_contender *a, const struct bench_contender *b);

/* Print a figure and, when most is more than 0, whether it is at most that. */
void bench_goal(const char *text, double figure, double most);

/* Keep the compiler from knowing what is in memory, or that nobody looks at it. */
static inline void bench_touch(const void *p)
{
	__asm__ volatile("" : : "r"(p) : "memory");
}

#endif
