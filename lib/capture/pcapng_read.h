/* The blocks of a pcapng file (draft-ietf-opsawg-pcapng), read from memory, one after the other, of either byte order.
 *
 *	struct sonde_pcapng_seen interfaces[16];
 *	struct sonde_pcapng_file file = { .interfaces = interfaces, .cap = 16 };
 *	uint32_t len = sonde_pcapng_block_len(&file, head);    (12 bytes)
 *	if (len && sonde_pcapng_block(&packet, &file, sonde_view(block, len)) == 1)
 *		... a packet
 */
#ifndef SONDE_CAPTURE_PCAPNG_READ_H
#define SONDE_CAPTURE_PCAPNG_READ_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/record.h"

#define SONDE_PCAPNG_HEAD     12   /* bytes of a block that tell its length */
#define SONDE_PCAPNG_NAME_LEN 64   /* of an interface, with the 0; a longer one is cut */

/* An interface that was described. */
struct sonde_pcapng_seen {
	char name[SONDE_PCAPNG_NAME_LEN]; /* empty: the file has none */
	uint16_t link;                    /* LINKTYPE_* */
	uint32_t snap;                    /* the most bytes captured of a frame; 0: no limit */
};

/* What was read so far. Zeroed but for interfaces and cap, it is ready. */
struct sonde_pcapng_file {
	struct sonde_pcapng_seen *interfaces; /* room for cap; those of the section at hand */
	uint32_t n, cap;                      /* interfaces of the section, also those there is no room for */
	bool big_endian;
};

/* A packet block. */
struct sonde_pcapng_packet {
	struct sonde_record record;           /* its time is 0: it is told by readers of whole files */
	const struct sonde_pcapng_seen *from; /* its interface; NULL: not described, or there was no room */
	struct sonde_view options;
};

/* Bytes of the block whose first bytes these are, or 0 when none starts there. Section headers tell the byte order. */
uint32_t sonde_pcapng_block_len(struct sonde_pcapng_file *f, const uint8_t head[SONDE_AT_LEAST(SONDE_PCAPNG_HEAD)]);

/* Take a whole block. Returns 1 for a packet, with *out, which views the block; 0 for another block; or
 * SONDE_E_MALFORMED. */
int sonde_pcapng_block(struct sonde_pcapng_packet *out, struct sonde_pcapng_file *f, struct sonde_view block);

/* The next option of that code at *at, which moves behind it. Returns false when there is none. */
bool sonde_pcapng_option(struct sonde_view *value, const struct sonde_pcapng_file *f, struct sonde_view options,
			 uint16_t code, size_t *at);
#define SONDE_PCAPNG_COMMENT 1 /* may be there several times */

#endif
