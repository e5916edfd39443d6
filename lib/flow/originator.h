/* Which side of a flow is its originator.
 *
 *	sonde_originators_init(&o, key);
 *	for each packet, in the order of time: side = sonde_originators_track(&o, &packet);
 *	sonde_originators_free(&o);
 *
 * The originator is the sender of the first packet. In TCP, whose first packet may have been missed, it is the sender
 * of the SYN or the receiver of the SYN+ACK; until one of them is seen, the side with the well-known port, or else
 * with the lower one, is taken for the responder. An ICMP error belongs to the flow of the packet that it quotes, and
 * comes from the side that the quoted packet was sent to. A later fragment comes from the same side as the first one,
 * if that was seen before. */
#ifndef SONDE_FLOW_ORIGINATOR_H
#define SONDE_FLOW_ORIGINATOR_H

#include <stddef.h>

#include "base/hash.h"
#include "packet/packet.h"

enum sonde_flow_side {
	SONDE_FLOW_NONE, /* the packet has no 5-tuple */
	SONDE_FLOW_ORIG, /* from the originator */
	SONDE_FLOW_RESP, /* from the responder */
};

/* Whether the sender is taken for the originator where only the ports tell: the side with the well-known port, or
 * else with the lower one, is the responder. */
bool sonde_flow_asks(uint16_t from_port, uint16_t to_port);

#define SONDE_ORIGINATORS_MAX (1u << 22) /* flows and datagrams that are stored */

struct sonde_originator; /* one flow, or one fragmented datagram */
struct sonde_originator_slot;

struct sonde_originators {
	struct sonde_originator *entries;
	struct sonde_originator_slot *slots;
	size_t n, cap; /* entries; slots, a power of 2 */
	struct sonde_key secret;
};

/* Start with an empty table. It grows with each new flow and keeps every entry until it is freed. */
void sonde_originators_init(struct sonde_originators *o, struct sonde_key secret);
void sonde_originators_free(struct sonde_originators *o);

/* Add a packet (dissected or finished) to its flow. Returns the side that sent it, an enum sonde_flow_side, or -ENOMEM,
 * also for more than SONDE_ORIGINATORS_MAX entries. */
int sonde_originators_track(struct sonde_originators *o, const struct sonde_packet *p);

#endif
