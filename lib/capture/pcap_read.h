/* The header and the records of a pcap file (draft-ietf-opsawg-pcap), read from memory, of either byte order.
 *
 *	struct sonde_pcap_file file;
 *	int head = sonde_pcap_open(&file, bytes);
 *	...
 *	while (sonde_pcap_next(&record, &len, &file, rest) == 1)
 *		rest = sonde_view_sub(rest, len, rest.len);
 *
 * Times are in microseconds or nanoseconds, by the magic number. Seconds and fractions are unsigned: a second with the
 * high bit set is one from 2038 to 2106, and a fraction over a second is carried. The snap length of the header
 * limits nothing: a record has the bytes that it says it has.
 *
 *	magic number  what differs
 *	a1b2c3d4      microseconds
 *	a1b23c4d      nanoseconds
 *	a1b2cd34      8 more bytes before each record's bytes (the "modified" files of Kuznetzov's patch)
 *	1c0001ac      nanoseconds, and 4 more bytes in the header (Ixia)
 *	1c0001ab      microseconds, the same
 *
 * The two lengths of a record are the other way round in files of a version before 2.3 and in those of DG/UX (543.0),
 * and may be in 2.3. AIX has files of version 2.2 with nanoseconds and numbers of its own for link types, by which they
 * are known. */
#ifndef SONDE_CAPTURE_PCAP_READ_H
#define SONDE_CAPTURE_PCAP_READ_H

#include "capture/record.h"

#define SONDE_PCAP_HEAD_MOST 28 /* bytes a file's header has at most */

struct sonde_pcap_file {
	uint32_t snap;       /* the most bytes captured of a frame, as the header says */
	uint32_t tick_ns;    /* ns in a unit of the fractions of a second */
	uint16_t link;       /* LINKTYPE_* of all records */
	uint8_t record_head; /* bytes before those of a frame */
	bool swapped, maybe_swapped; /* the original length comes first; it does so where it would be the smaller one */
	bool big_endian;
	const char *fault;   /* after a negative return: what is wrong, */
	uint32_t value;      /* and the number that is */
};

/* Read the header at the beginning of a file. Returns its length; SONDE_E_TRUNCATED when the bytes end within it;
 * SONDE_E_FORMAT for another file; SONDE_E_UNSUPPORTED for a version before 2 and for a link type over 65535. */
int sonde_pcap_open(struct sonde_pcap_file *f, struct sonde_view bytes);

/* Read the record at the beginning of rest. Returns 1 with *out, which views it, and its length in the file; 0 when
 * rest ends before it does, with as many bytes as are needed; SONDE_E_MALFORMED for one over SONDE_RECORD_MAX, behind
 * which nothing tells where a record begins. */
int sonde_pcap_next(struct sonde_record *out, size_t *len, struct sonde_pcap_file *f, struct sonde_view rest);

#endif
