/* Fields of packets by their names: looked up once, used often.
 *
 *	struct sonde_field_ref dport = sonde_field("tcp.dport");
 *	uint64_t port;
 *	if (sonde_field_get(&port, &packet, dport) == 0 && port == 80)
 *		sonde_field_parse(&packet, dport, "http-alt");
 *
 * What is set is marked as written, as with sonde_set of packet/packet.h; sonde_finish then fills what follows from it.
 * Bytes that sonde_dissect borrowed are changed where they are: they must be the caller's own. */
#ifndef SONDE_PACKET_FIELD_H
#define SONDE_PACKET_FIELD_H

#include "base/text.h"
#include "packet/packet.h"

/* A field of the outermost layer of a protocol, or of the nth further in. */
struct sonde_field_ref {
	const struct sonde_proto *proto; /* NULL: there is no such field */
	const struct sonde_field *row;   /* the first of its name: kinds of messages may have one each */
	unsigned nth;                    /* from 0, the outermost */
};

/* Look PROTOCOL.FIELD up, both by name or alias: tcp.dport, ipv4.ttl, icmp.objects; with #N behind it (ip.src#2), in
 * the Nth layer of that protocol from 1. Whether there is such a field is told by .proto; the functions below return
 * SONDE_E_UNKNOWN of one that is not. */
struct sonde_field_ref sonde_field(const char *name);

/* The field of a protocol with that name or alias (len bytes), or NULL. */
const struct sonde_field *sonde_field_in(const struct sonde_proto *proto, const char *name, size_t len);

/* All of these return SONDE_E_ABSENT when the packet has no such layer, or the layer no such field: in another kind of
 * message, or when it is cut off. */

/* Read a number. Returns 0, SONDE_E_KIND for bytes and lists, or as above. */
int sonde_field_get(uint64_t *v, const struct sonde_packet *p, struct sonde_field_ref f);
/* Read the bytes of an address, a list, of anything that takes whole bytes: a view of the packet's. Returns 0,
 * SONDE_E_KIND for bits, or as above. */
int sonde_field_bytes(struct sonde_view *bytes, const struct sonde_packet *p, struct sonde_field_ref f);
/* Write the value as the notation has it: 80, 10.0.0.2, SA, mss:1460,nop. Returns 0 or as above. */
int sonde_field_print(struct sonde_text *t, const struct sonde_packet *p, struct sonde_field_ref f);

/* Set a number, or bytes. Return as sonde_set and sonde_set_bytes, SONDE_E_KIND for a number that is to be bytes or a
 * list, or as above. A field that is not there may come to be there (key of GRE). */
int sonde_field_set(struct sonde_packet *p, struct sonde_field_ref f, uint64_t v);
int sonde_field_set_bytes(struct sonde_packet *p, struct sonde_field_ref f, struct sonde_view bytes);
/* Set what a text says: one value as the notation has it, or auto, which leaves it to sonde_finish. Returns 0;
 * SONDE_E_SYNTAX, SONDE_E_UNKNOWN, SONDE_E_RANGE or SONDE_E_KIND for a text that is no value of the field; or as
 * sonde_field_set_bytes. */
int sonde_field_parse(struct sonde_packet *p, struct sonde_field_ref f, const char *text);

#endif
