/* Capture files, pcap of all kinds and pcapng, read through libpcap.
 *
 * libpcap hides comments, interfaces and directions. It reads a pcapng file only if all its interfaces have the same
 * link type and snap length. It cuts a frame with more bytes than the snap length of the file's header to it, the
 * original length being kept, and takes a frame over its own limit (262144 bytes for most link types) for damage. */
#ifndef SONDE_IO_FILE_READ_H
#define SONDE_IO_FILE_READ_H

#include <stdint.h>

#include "base/error.h"
#include "capture/record.h"

struct sonde_reader;

/* Open the file at path, "-" for standard input. filter, in libpcap's language, chooses frames; NULL: all. Returns 0;
 * SONDE_E_FORMAT when it is no capture file, or one that libpcap cannot read; SONDE_E_TRUNCATED when it ends within its
 * header; SONDE_E_SYNTAX with libpcap's text for a bad filter; or a negated errno. *out is for sonde_reader_close. */
int sonde_reader_open(struct sonde_reader **out, const char *path, const char *filter, struct sonde_error *e);
void sonde_reader_close(struct sonde_reader *r); /* NULL is fine */

/* The next frame. Returns 1 with *out, whose bytes stay until the next call; 0 at the end of the file; or, with the
 * place and libpcap's text in e, SONDE_E_TRUNCATED where the file is cut, SONDE_E_MALFORMED where it is damaged,
 * SONDE_E_UNSUPPORTED where an interface differs from the first. After an error there is nothing more to read. */
int sonde_reader_next(struct sonde_record *out, struct sonde_reader *r, struct sonde_error *e);

#endif
