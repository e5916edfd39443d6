/* Bytes out of a pasted hex dump of any usual shape. */
#ifndef SONDE_TOOLS_COMMON_HEXDUMP_H
#define SONDE_TOOLS_COMMON_HEXDUMP_H

#include <stdbool.h>
#include <stdio.h>

#include "base/bytes.h"

/* Append the bytes of one line to b: digits in pairs or longer groups, with or without blanks, 0x, \x or commas;
 * an offset in front (ended by a colon, or of four or more digits before groups) and characters behind (after two
 * blanks or a bar) are left out. Returns false when the line holds none. Sets *space when b is full. */
bool hexdump_line(struct sonde_buf *b, const char *line, bool *space);

/* Read the next frame: lines up to an empty one, or the end. Returns 1, 0 at the end, or SONDE_E_SPACE. */
int hexdump_next(struct sonde_buf *b, FILE *in);

#endif
