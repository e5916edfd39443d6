/* Fields of packets by their names: looked up once, used often.
 *
 *	struct sonde_field_ref dport = sonde_field("tcp.dport");
 *	uint64_t port;
 *	if (sonde_field_get(&port, &packet, dport) == 0 && port == 80)
 *		sonde_field_parse(&packet, dport, "http-alt");
 *
 * A field that is set is marked as written, as with sonde_set of packet/packet.h; sonde_finish then computes the
 * others. Bytes that sonde_dissect borrowed are changed in place: the caller must be allowed to write them. */
#ifndef SONDE_PACKET_FIELD_H
#define SONDE_PACKET_FIELD_H

#include "base/text.h"
#include "packet/packet.h"

/* A field of the nth layer of a protocol. */
struct sonde_field_ref {
	const struct sonde_proto *proto; /* NULL: no such field */
	const struct sonde_field *row;   /* the first row with that name: different messages may have one each */
	unsigned nth;                    /* from 0, the outermost */
};

/* Look up PROTOCOL.FIELD by names or aliases: tcp.dport, ipv4.ttl, icmp.objects. With #N appended (ip.src#2), the Nth
 * layer of that protocol is meant, counted from 1. If there is no such field, .proto is NULL, and the functions below
 * return SONDE_E_UNKNOWN. */
struct sonde_field_ref sonde_field(const char *name);

/* The field of a protocol with that name or alias (len bytes), or NULL. */
const struct sonde_field *sonde_field_in(const struct sonde_proto *proto, const char *name, size_t len);

/* All of these return SONDE_E_ABSENT when the packet has no such layer, or the layer no such field: because it belongs
 * to other messages, or is cut off. */

/* Read a number. Returns 0, SONDE_E_KIND for bytes and lists, or as above. */
int sonde_field_get(uint64_t *v, const struct sonde_packet *p, struct sonde_field_ref f);
/* Read the bytes of an address, a list, or anything else of whole bytes, as a view into the packet. Returns 0,
 * SONDE_E_KIND for fields of bits, or as above. */
int sonde_field_bytes(struct sonde_view *bytes, const struct sonde_packet *p, struct sonde_field_ref f);
/* Write the value as the notation has it: 80, 10.0.0.2, SA, mss:1460,nop. Returns 0 or as above. */
int sonde_field_print(struct sonde_text *t, const struct sonde_packet *p, struct sonde_field_ref f);

/* Set a number, or bytes. Return as sonde_set and sonde_set_bytes, SONDE_E_KIND for a number where the field takes
 * bytes or a list, or as above. Setting an optional field adds it (key of GRE). */
int sonde_field_set(struct sonde_packet *p, struct sonde_field_ref f, uint64_t v);
int sonde_field_set_bytes(struct sonde_packet *p, struct sonde_field_ref f, struct sonde_view bytes);
/* Set a value from text in the notation, or `auto` to have sonde_finish compute it. Returns 0; SONDE_E_SYNTAX,
 * SONDE_E_UNKNOWN, SONDE_E_RANGE or SONDE_E_KIND for text that is no value of the field; or as
 * sonde_field_set_bytes. */
int sonde_field_parse(struct sonde_packet *p, struct sonde_field_ref f, const char *text);

#endif
