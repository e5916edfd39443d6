/* Text for people that is made piece by piece, and printed so that it fits the terminal: it goes on in the next line
 * where a word does not fit any more. */
#ifndef SONDE_TOOLS_COMMON_WRAP_H
#define SONDE_TOOLS_COMMON_WRAP_H

#include <stdio.h>

struct wrap {
	FILE *pieces; /* what the caller prints to */
	char *text;
	size_t len;
};

/* Begin with nothing. Returns where the pieces go. */
FILE *wrap_begin(struct wrap *w);
/* Print them behind what stands in the first so many columns; the lines that follow begin at indent. Where out is no
 * terminal, it is one line. No newline is printed at the end. */
void wrap_end(struct wrap *w, FILE *out, int column, int indent);

#endif
