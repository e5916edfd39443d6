/* The 5-tuple of a packet, the sender first. */
#ifndef SONDE_FLOW_TUPLE_H
#define SONDE_FLOW_TUPLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "packet/packet.h"

struct sonde_flow_tuple {
	/* Of the innermost IP packet; local is the sender. ICMP has its type in place of the sender's port; in place of
	 * the receiver's, the type of the message that answers it or is answered by it, else its code (as Zeek and the
	 * Community ID have it). */
	struct sonde_pair pair;
	bool one_way;  /* an ICMP message that neither answers nor is answered */
	int transport; /* the layer whose ports these are (TCP, UDP, SCTP, ICMP), or -1: it has none */
	/* Of fragments: */
	bool fragment, later; /* it is one; it is not the first, so ports are elsewhere */
	uint32_t fragment_id;
};

/* The innermost layer with addresses that is all there, inside the quote of an ICMP error or outside it; -1: none. */
int sonde_flow_ip(const struct sonde_packet *p, bool quoted);

/* Take the tuple of a dissected or finished packet, or with quoted that of the packet which an ICMP error in it quotes.
 * Returns 0; SONDE_E_ABSENT when it has none: no IP, or the ports are not there (later fragments, cut headers). The
 * addresses, the protocol and what is said of fragments are then still right where there is IP, else all is 0. */
int sonde_flow_tuple_of(struct sonde_flow_tuple *out, const struct sonde_packet *p, bool quoted);

#endif
