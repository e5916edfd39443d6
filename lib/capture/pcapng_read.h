/* The blocks of a pcapng file (draft-ietf-opsawg-pcapng), read from memory, one after the other, of either byte order.
 *
 *	struct sonde_pcapng_file file = { .interfaces = seen };
 *	while ((kind = sonde_pcapng_next(&record, &len, &file, rest)) > 0) {
 *		if (kind == SONDE_PCAPNG_PACKET)
 *			... record
 *		else if (kind == SONDE_PCAPNG_SECTION)
 *			sonde_pcapng_take_section(&file);
 *		else if (kind == SONDE_PCAPNG_INTERFACE && file.n < room_in_seen)
 *			sonde_pcapng_take_interface(&seen[file.n++], &file);
 *		rest = sonde_view_sub(rest, len, rest.len);
 *	}
 */
#ifndef SONDE_CAPTURE_PCAPNG_READ_H
#define SONDE_CAPTURE_PCAPNG_READ_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/pcapng_write.h"
#include "capture/record.h"

#define SONDE_PCAPNG_HEAD      12         /* bytes that tell what a block is and how long */
#define SONDE_PCAPNG_BLOCK_MAX (16 << 20) /* bytes of a block; one that says it has more is damage */

/* Types of blocks. */
enum sonde_pcapng_type {
	SONDE_PCAPNG_SECTION_HEADER = 0x0a0d0d0a, /* the same in both byte orders */
	SONDE_PCAPNG_INTERFACE_DESCRIPTION = 1,
	SONDE_PCAPNG_OLD_PACKET = 2, /* obsolete */
	SONDE_PCAPNG_SIMPLE_PACKET = 3,
	SONDE_PCAPNG_NAME_RESOLUTION = 4,
	SONDE_PCAPNG_INTERFACE_STATISTICS = 5,
	SONDE_PCAPNG_ENHANCED_PACKET = 6,
	SONDE_PCAPNG_JOURNAL = 9, /* an entry of systemd's */
	SONDE_PCAPNG_SECRETS = 10,
	SONDE_PCAPNG_CUSTOM = 0xbad,
	SONDE_PCAPNG_CUSTOM_NOT_COPIED = 0x40000bad,
};

/* What a block is to a reader. */
enum sonde_pcapng_kind {
	SONDE_PCAPNG_PACKET = 1,
	SONDE_PCAPNG_SECTION,   /* to be taken by sonde_pcapng_take_section */
	SONDE_PCAPNG_INTERFACE, /* to be taken by sonde_pcapng_take_interface */
	SONDE_PCAPNG_OTHER,
};

/* An interface that was described. */
struct sonde_pcapng_seen {
	struct sonde_view name, description, filter; /* as in struct sonde_pcapng_interface; they view the block */
	uint16_t link;      /* LINKTYPE_* */
	uint32_t snap;      /* the most bytes captured of a frame; 0: no limit */
	uint8_t resolution; /* if_tsresol: a unit of its times is 10^-n s, or with the high bit set 2^-n s */
	int64_t offset_s;   /* if_tsoffset */
	uint64_t tick_ns;   /* ns in a unit, if whole and without an offset; or 0 */
	uint64_t tick_most; /* the most units that fit a sonde_time */
};

/* What was read so far. Zeroed, it is ready. */
struct sonde_pcapng_file {
	const struct sonde_pcapng_seen *interfaces; /* n of them, of the section at hand; the caller adds to them */
	uint32_t n;
	uint32_t before;        /* interfaces of the sections before */
	uint64_t unfit;         /* packets whose time does not fit a sonde_time: they get none */
	uint32_t type;          /* of the block at hand, */
	struct sonde_view body; /* and what it has between its lengths */
	bool big_endian;
	bool in_section;        /* a section header was read, and can be understood */
	const char *fault;      /* after a negative return: what is wrong, */
	uint32_t value;         /* and the number that is */
};

/* Read the block at the beginning of rest. Returns an enum sonde_pcapng_kind, with its length; of a packet, *out views
 * it, and its interface has a number that counts on through all sections. Returns 0 when rest ends before the block
 * does, with as many bytes as are needed. SONDE_E_MALFORMED: what is wrong is in f, with the length if the block can be
 * passed over; 0 where it does not tell where the next one begins (sonde_pcapng_resume). */
int sonde_pcapng_next(struct sonde_record *out, size_t *len, struct sonde_pcapng_file *f, struct sonde_view rest);

/* Behind damage: where in rest, but not at its beginning, a whole block stands with a type that is known and its length
 * twice. rest.len: nowhere. */
size_t sonde_pcapng_resume(const struct sonde_pcapng_file *f, struct sonde_view rest);

/* Begin the section whose header is at hand: its byte order holds, and interfaces are numbered anew. */
void sonde_pcapng_take_section(struct sonde_pcapng_file *f);

/* Read the description of an interface that is at hand. */
void sonde_pcapng_take_interface(struct sonde_pcapng_seen *out, const struct sonde_pcapng_file *f);

/* Read the statistics of an interface that are at hand. Returns 0, or SONDE_E_MALFORMED, also for an interface that was
 * not described. */
int sonde_pcapng_take_statistics(struct sonde_pcapng_statistics *out, const struct sonde_pcapng_file *f);

/* The time of so many units of an interface. Returns false when it does not fit. */
bool sonde_pcapng_time(sonde_time *out, const struct sonde_pcapng_seen *i, uint64_t units);

/* The next option of that code at *at, which moves behind it. Returns false when there is none. */
bool sonde_pcapng_option(struct sonde_view *value, struct sonde_view options, bool big_endian, uint16_t code,
			 size_t *at);

/* Codes of the options of packets. Comments may be there several times, and are options of every block. */
enum sonde_pcapng_code {
	SONDE_PCAPNG_COMMENT = 1,
	SONDE_PCAPNG_FLAGS = 2,      /* 4 bytes; bits 0 and 1 are the direction */
	SONDE_PCAPNG_HASH = 3,       /* a byte for the algorithm, and the hash */
	SONDE_PCAPNG_DROP_COUNT = 4, /* 8 bytes: packets lost since the one before */
	SONDE_PCAPNG_PACKET_ID = 5,  /* 8 bytes */
	SONDE_PCAPNG_QUEUE = 6,      /* 4 bytes */
	SONDE_PCAPNG_VERDICT = 7,    /* a byte for the kind, and the verdict */
	SONDE_PCAPNG_PROCESS = 8,    /* 4 bytes of the process, 4 of the thread */
};

#endif
