/* A filter in libpcap's language for frames of any link types: it is compiled once for each type that occurs. */
#ifndef SONDE_IO_FILE_FILTER_H
#define SONDE_IO_FILE_FILTER_H

#include <stdbool.h>

#include "base/error.h"
#include "capture/record.h"

struct sonde_filter;

/* text is copied. Returns 0 or -ENOMEM. *out is for sonde_filter_free. */
int sonde_filter_new(struct sonde_filter **out, const char *text);
void sonde_filter_free(struct sonde_filter *f); /* NULL is fine */

/* Compile it for a link type, unless it is. Returns 0; SONDE_E_SYNTAX with libpcap's text, also where it has no such
 * filters for this link type: then no frame of it passes, and the next call returns 0; or -ENOMEM. Names of hosts,
 * networks, ports and protocols in it are looked up now; nothing else is opened. */
int sonde_filter_prepare(struct sonde_filter *f, uint16_t link, struct sonde_error *e);

/* Compile it for all link types of packets with protocols that libpcap knows. Names are looked up now, and not again
 * for these. Returns 0, or SONDE_E_SYNTAX when it is wrong for all of them. */
int sonde_filter_prepare_all(struct sonde_filter *f, struct sonde_error *e);

/* Whether a frame passes. Its link type was prepared. */
bool sonde_filter_passes(const struct sonde_filter *f, const struct sonde_record *r);

#endif
