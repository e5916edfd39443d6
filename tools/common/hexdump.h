/* Bytes out of a pasted hex dump of any usual shape. */
#ifndef SONDE_TOOLS_COMMON_HEXDUMP_H
#define SONDE_TOOLS_COMMON_HEXDUMP_H

#include <stdbool.h>
#include <stdio.h>

#include "base/bytes.h"
#include "tools/common/files.h"

/* A stream of packets in hex: digits in pairs or longer groups, with or without blanks, 0x, \x or commas; an offset
 * in front (ended by a colon, or of four or more digits before groups) and characters behind (after two blanks or a
 * bar) are left out. A packet ends at an empty line, and where offsets begin again at 0; where lines have offsets,
 * those without are somebody's words. Zeroed but for lines.in, it is
 * ready. */
struct hexdump {
	struct files_lines lines;
	bool pending; /* the line at hand is still to be read: it belongs to the next packet */
};

/* Read the next packet into b. Returns 1, 0 at the end, SONDE_E_SPACE, or a negated errno. */
int hexdump_next(struct sonde_buf *b, struct hexdump *d);
/* Free what it owns; lines.in stays open. */
void hexdump_close(struct hexdump *d);

#endif
