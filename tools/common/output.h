/* Standard output: how it is buffered, whether it has colour, and whether all of it was written. */
#ifndef SONDE_TOOLS_COMMON_OUTPUT_H
#define SONDE_TOOLS_COMMON_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

struct sonde_packet;

/* Call once, before anything is opened: closed descriptors from 0 to 2 become /dev/null, so that nothing else gets
 * their numbers; writing to a closed stdout still fails. A stdout or stderr that is O_NONBLOCK is waited for all the
 * same. stdout is line-buffered unless it is a regular file. SIGPIPE keeps its default, a quiet end. Returns 0 or an
 * exit status after a message. */
int output_open(void);

/* Buffer stdout in blocks unless it is a terminal, where nobody follows each line. Call before anything is printed. */
void output_in_blocks(void);

/* Columns of the terminal that standard output is; 0: it is none, and lines may be of any length. */
int output_width(void);

/* Whether text for people may have colour: on a terminal that is not dumb, without NO_COLOR (https://no-color.org). */
bool output_has_colour(FILE *out);

/* Print every field of every layer, each on a line of its own (sonde_print_tree). */
void output_tree(const struct sonde_packet *p);

/* Flush, and check that all was written. Returns status, or STATUS_SYSTEM with a message when some of the output could
 * not be written (a full disk). A reader that went away is no mistake. */
int output_close(int status);

#endif
