/* Bytes out of a pasted hex dump of any usual shape. */
#ifndef SONDE_TOOLS_COMMON_HEXDUMP_H
#define SONDE_TOOLS_COMMON_HEXDUMP_H

#include <stdbool.h>
#include <stdio.h>

#include "base/bytes.h"
#include "tools/common/files.h"

/* A stream of packets in hex: digits in pairs or longer groups, with or without blanks, 0x, \x or commas; an offset
 * in front (ended by a colon, or of four or more digits before groups) and characters behind (after a gap that bytes do
 * not have, or a bar) are left out. A packet ends at an empty line, and where offsets begin again at 0. In a dump with
 * offsets, lines without one are ignored. Offsets are in hex, octal or decimal, and must be right; for a line that
 * is * the one before it is repeated up to the next offset. Zeroed but for lines.in, it is ready. */
struct hexdump {
	struct files_lines lines;
	bool pending;              /* the line at hand is still to be read */
	unsigned long line_number; /* from 1 */
	char what[120];            /* with SONDE_E_MALFORMED: what is wrong in it */
	int radix;                 /* of the offsets; 0: not known yet */
	size_t digits;             /* of an offset; 0: none yet */
	size_t last_len;           /* bytes of the line before */
	bool repeats;              /* which was repeated since */
};

/* Read the next packet into b. Returns 1; 0 at the end; SONDE_E_SPACE; SONDE_E_MALFORMED for offsets that leave bytes
 * out, and for words in the order of a machine, with d->what; or a negated errno. */
int hexdump_next(struct sonde_buf *b, struct hexdump *d);
/* Free what it owns; lines.in stays open. */
void hexdump_close(struct hexdump *d);

#endif
