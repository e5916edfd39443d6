/* Figures in text for people. */
#ifndef SONDE_TOOLS_COMMON_FIGURES_H
#define SONDE_TOOLS_COMMON_FIGURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Milliseconds out of nanoseconds. */
static inline double figures_ms(double ns)
{
	return ns / 1e6;
}

/* The share of part in whole; 0 of nothing. */
static inline double figures_percent(uint64_t part, uint64_t whole)
{
	return whole ? 100.0 * (double)part / (double)whole : 0;
}

struct figure {
	uint64_t n;
	const char *what;
};

/* Print those that are not 0, "N what" each: title before the first one, commas between them. Returns whether there is
 * any. */
bool figures_print(FILE *out, const char *title, const struct figure *figures, size_t n);

#endif
