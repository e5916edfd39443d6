/* Templates: copies of a finished packet with other values in some fields, and updated checksums (RFC 1624).
 *
 *	sonde_template_freeze(&t, &packet, room, sizeof room);
 *	int dport = sonde_template_slot(&t, &packet, tcp, SONDE_TCP_DPORT);
 *	for (...) {
 *		sonde_template_copy(frame, &t);
 *		sonde_template_stamp(frame, &t, dport, port);
 *	}
 *
 * A stamped packet has the same bytes as one built from scratch. Fields for which updating checksums is not enough are
 * refused when their slot is made.
 */
#ifndef SONDE_PACKET_TEMPLATE_H
#define SONDE_PACKET_TEMPLATE_H

#include <stdint.h>

#include "packet/packet.h"

#define SONDE_MAX_SLOTS 16
#define SONDE_MAX_SUMS  4 /* checksums that cover one field: TCP's, and those of enclosing layers */

/* A checksum that is updated with a field. */
struct sonde_template_sum {
	uint32_t at;         /* offset in the packet, bytes */
	bool odd;            /* the field starts at an odd offset of the bytes that the checksum covers */
	bool zero_is_absent; /* a computed 0 is written as 0xffff, and a checksum of 0 stays */
	uint32_t start, end; /* the bytes of its layer */
};

struct sonde_template_slot {
	uint32_t first;   /* bit in the packet */
	uint16_t width;   /* bits */
	uint8_t n_sums;
	struct sonde_template_sum sums[SONDE_MAX_SUMS];
};

struct sonde_template {
	const uint8_t *bytes; /* in the caller's buffer */
	uint32_t len;
	uint8_t n_slots;
	struct sonde_template_slot slots[SONDE_MAX_SLOTS];
};

/* Keep a copy of a finished packet in buffer, which lives as long as the template. Returns 0,
 * SONDE_E_SPACE, or SONDE_E_RANGE for one that sonde_finish refused. */
int sonde_template_freeze(struct sonde_template *t, const struct sonde_packet *p, uint8_t *buffer, uint32_t cap);

/* Add a slot for a field that is to be stamped. p is the packet that was frozen; twice its length of scratch memory is
 * taken from p's own buffer, after the packet. Returns the number of the slot; SONDE_E_ABSENT when the field is absent;
 * SONDE_E_KIND for lists, and for fields on which other bytes than Internet checksums depend (lengths, types, SCTP);
 * SONDE_E_SPACE when there are too many slots, or p's buffer has no room for two more copies. */
int sonde_template_slot(struct sonde_template *t, const struct sonde_packet *p, int layer, sonde_place place);

/* The same for len bytes of payload at an offset in the packet. Returns the number of the slot; SONDE_E_ABSENT when
 * they are not all payload; SONDE_E_KIND or SONDE_E_SPACE as above. */
int sonde_template_bytes_slot(struct sonde_template *t, const struct sonde_packet *p, uint32_t at, uint32_t len);

/* Copy the frozen packet to frame, which has room for t->len bytes. */
static inline void sonde_template_copy(uint8_t *frame, const struct sonde_template *t)
{
	memcpy(frame, t->bytes, t->len);
}

/* Write a number into a slot of up to 64 bits of a copied frame and update the checksums. Higher bits of v are
 * dropped. */
void sonde_template_stamp(uint8_t *frame, const struct sonde_template *t, int slot, uint64_t v);

/* The same for bytes: an address as long as the slot. */
void sonde_template_stamp_bytes(uint8_t *frame, const struct sonde_template *t, int slot, const uint8_t *bytes);

#endif
