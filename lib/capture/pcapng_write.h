/* The blocks of a pcapng file (draft-ietf-opsawg-pcapng), made in memory.
 *
 * A file is a section header, then interface descriptions and packets in any order, each interface before its packets;
 * interfaces are numbered from 0 in their order. Numbers are little-endian on every machine, times in nanoseconds.
 *
 *	   0                   1                   2                   3
 *	  +---------------------------------------------------------------+
 *	  |                          block type                           |
 *	  |                      block total length                       |
 *	  /                 block body, padded to 32 bits                 /
 *	  |                      block total length                       |
 *	  +---------------------------------------------------------------+
 */
#ifndef SONDE_CAPTURE_PCAPNG_WRITE_H
#define SONDE_CAPTURE_PCAPNG_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/time.h"
#include "capture/record.h"

/* The texts are UTF-8 of at most 65535 bytes; empty ones are left out. */
struct sonde_pcapng_section {
	struct sonde_view hardware, os; /* of the machine that captured */
	struct sonde_view application;  /* that wrote the file */
	struct sonde_view comment;
};

struct sonde_pcapng_interface {
	struct sonde_view name, description;
	struct sonde_view filter; /* in libpcap's language */
	uint16_t link;            /* LINKTYPE_* */
	uint32_t snap;            /* the most bytes captured of a frame; 0: no limit. libpcap reads a file only if all
				   * its interfaces have the same */
	int64_t offset_s;         /* seconds that readers add to the times of its packets */
};

/* Counts of an interface's frames; UINT64_MAX: unknown. */
struct sonde_pcapng_statistics {
	uint32_t interface;
	sonde_time time, start, end;   /* of the counts; of the capture */
	uint64_t received;             /* by the interface */
	uint64_t dropped_by_interface;
	uint64_t accepted;             /* by the filter */
	uint64_t dropped_by_kernel;
	uint64_t delivered;            /* to the program */
};

/* Append one block to b. Returns 0; SONDE_E_SPACE when it does not fit; SONDE_E_RANGE for a text over 65535 bytes, or
 * more bytes than a block can have. On failure b is unchanged. Times are unsigned 64 bits in the file: those before
 * 1970 need an interface with an offset. */
int sonde_pcapng_put_section(struct sonde_buf *b, const struct sonde_pcapng_section *s);
int sonde_pcapng_put_interface(struct sonde_buf *b, const struct sonde_pcapng_interface *i);
int sonde_pcapng_put_packet(struct sonde_buf *b, const struct sonde_record *r);
int sonde_pcapng_put_statistics(struct sonde_buf *b, const struct sonde_pcapng_statistics *s);
/* Any block, of a body whose numbers are little-endian. */
int sonde_pcapng_put_block(struct sonde_buf *b, uint32_t type, struct sonde_view body);

/* Options of a record are written as they are, and comment and direction only without options. A record without a
 * time becomes a simple packet block, which belongs to the first interface of its section; a reader takes as many of
 * its bytes as that one captures at most. What a simple block has no room for makes it an enhanced one with a time of
 * all ones: */
#define SONDE_PCAPNG_NO_TIME UINT64_MAX
static inline bool sonde_pcapng_is_simple(const struct sonde_record *r)
{
	return !r->comment.len && !r->options.len && r->direction == SONDE_NO_DIRECTION && r->wire_len >= r->bytes.len;
}

/* The most bytes that the block of r takes. */
static inline size_t sonde_pcapng_packet_room(const struct sonde_record *r)
{
	return 64 + r->bytes.len + r->comment.len + r->options.len;
}

#endif
