/* What a pcapng file says of frames beside their bytes: comments, interfaces, directions. */
#ifndef SONDE_TOOLS_READ_NOTES_H
#define SONDE_TOOLS_READ_NOTES_H

#include <stdint.h>
#include <stdio.h>

#include "capture/pcapng_read.h"

/* The file is read a second time for them, since libpcap hides them. */
struct notes {
	FILE *in; /* NULL: there is nothing to be told */
	bool filtered;
	struct sonde_pcapng_file file;
	struct sonde_pcapng_seen *interfaces;
	uint8_t *block;
	size_t block_cap;
	char *comments; /* those of the frame, a line each */
	size_t comments_cap;
};

/* Begin with the file at path; one that is no pcapng file, or cannot be read twice (standard input), has no notes.
 * filtered: not all frames are read. */
void notes_open(struct notes *n, const char *path, bool filtered);
/* Add what is said of a frame, which was read behind the one before. *iface: its interface, or NULL. What is added
 * stays until the next call. */
void notes_add(struct sonde_record *r, const char **iface, struct notes *n);
void notes_close(struct notes *n);

#endif
