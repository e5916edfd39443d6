/* Standard output: how it is buffered, whether it has colour, and whether all of it was written. */
#ifndef SONDE_TOOLS_COMMON_OUTPUT_H
#define SONDE_TOOLS_COMMON_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

struct sonde_packet;

/* Call once, before anything is opened: /dev/null takes the place of what is closed of the descriptors 0 to 2, so that
 * nothing else does, and what is written to a closed stdout fails in the end; lines leave as they come unless stdout is
 * a plain file. SIGPIPE keeps its default, a quiet end. Returns 0 or an exit status after a message. */
int output_open(void);

/* Where nobody waits for each line: let them leave in blocks, but for a terminal. Call before anything is printed. */
void output_in_blocks(void);

/* Whether text for people may have colour: on a terminal that is not dumb, without NO_COLOR (https://no-color.org). */
bool output_has_colour(FILE *out);

/* Print every field of every layer, each on a line of its own (sonde_print_tree). */
void output_tree(const struct sonde_packet *p);

/* Flush and look back. Returns status, or STATUS_SYSTEM with a message when some of the output could not be written
 * (a full disk). A reader that went away is no mistake. */
int output_close(int status);

#endif
