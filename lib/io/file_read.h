/* Captures read from files: pcap in all its kinds, and pcapng, by libpcap's reader.
 *
 * What it does not hand out: comments, interface names and numbers, directions. It reads a pcapng file only if all its
 * interfaces have one link type and one snap length. Original lengths are kept; a frame that has more bytes than the
 * snap length of the file's header is cut to it, and one over libpcap's limit (262144 bytes for most link types) counts
 * as damage. */
#ifndef SONDE_IO_FILE_READ_H
#define SONDE_IO_FILE_READ_H

#include <stdint.h>

#include "base/error.h"
#include "capture/record.h"

struct sonde_reader;

/* Open the file at path, "-" for standard input; filter: only the frames that match, in libpcap's language, or NULL for
 * all. Returns 0; SONDE_E_FORMAT when it is no capture file, or one that libpcap cannot read; SONDE_E_TRUNCATED when it
 * ends within its own header; SONDE_E_SYNTAX with what libpcap says of the filter; or a negated errno. *out is for
 * sonde_reader_close. */
int sonde_reader_open(struct sonde_reader **out, const char *path, const char *filter, struct sonde_error *e);
void sonde_reader_close(struct sonde_reader *r); /* NULL is fine */

/* The next frame. Returns 1 with *out, whose bytes stay until the next call; 0 at the end; SONDE_E_TRUNCATED where the
 * file is cut, SONDE_E_MALFORMED where it is damaged, SONDE_E_UNSUPPORTED where an interface differs from the first:
 * e says after which frame and byte, and what libpcap finds wrong. After any of them there is nothing more to read. */
int sonde_reader_next(struct sonde_record *out, struct sonde_reader *r, struct sonde_error *e);

#endif
