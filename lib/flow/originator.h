/* Who began the flow that a packet belongs to.
 *
 *	sonde_originators_init(&o, key);
 *	for each packet, in the order of time: side = sonde_originators_take(&o, &packet);
 *	sonde_originators_free(&o);
 *
 * The originator is the sender of the first packet. TCP tells when that was missed: a SYN+ACK comes from the responder;
 * between other segments the well-known port, else the lower one, is the responder's, until a SYN or SYN+ACK says
 * better. An ICMP error belongs to the flow that it quotes, and comes from the side that the quoted packet went to. A
 * later fragment goes with the first of its datagram, where that came before it. */
#ifndef SONDE_FLOW_ORIGINATOR_H
#define SONDE_FLOW_ORIGINATOR_H

#include <stddef.h>

#include "base/hash.h"
#include "packet/packet.h"

enum sonde_flow_side {
	SONDE_FLOW_NONE, /* no 5-tuple: nobody's */
	SONDE_FLOW_ORIG, /* from the originator */
	SONDE_FLOW_RESP, /* from the responder */
};

struct sonde_originator; /* one flow, or one fragmented datagram */

struct sonde_originators {
	struct sonde_originator *slots;
	size_t n, cap; /* flows and datagrams; slots, a power of 2 */
	struct sonde_key secret;
};

/* An empty table. It grows with the flows that it meets, and forgets none before it is freed. */
void sonde_originators_init(struct sonde_originators *o, struct sonde_key secret);
void sonde_originators_free(struct sonde_originators *o);

/* The side a packet (dissected or finished) comes from, and remember its flow. Returns an enum sonde_flow_side, or
 * -ENOMEM. */
int sonde_originators_take(struct sonde_originators *o, const struct sonde_packet *p);

#endif
