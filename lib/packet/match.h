/* Is this the answer to that? One function for everything that waits for replies. */
#ifndef SONDE_PACKET_MATCH_H
#define SONDE_PACKET_MATCH_H

#include "packet/packet.h"
#include "packet/rules.h"

/* Take from a finished or dissected packet what its answers can be known by; sent->reach says whether anybody may
 * answer. Returns 0, or SONDE_E_UNSUPPORTED when it
 * has neither an IP layer nor ARP: nothing can be known to answer it. */
int sonde_question_of(struct sonde_question *out, const struct sonde_packet *sent);

struct sonde_match {
	enum sonde_answer answer;  /* SONDE_SILENCE: it is no answer to this */
	const struct sonde_rule *rule;
	struct sonde_addr from;    /* who answers */
	bool from_target;          /* and whether that is who was asked */
	bool wrong_checksum;       /* it would have been an answer, but its checksum is wrong */
};

/* Judge a dissected packet. Returns whether it is an answer. Checksums that are right, partial (as veth and loopback
 * deliver them) or absent are believed. ICMP errors must quote addresses, protocol and the first 8 bytes of ours
 * (ports, and the sequence number or identifier); nothing else of a quote is compared, for routers change it. An error
 * that shows too little of what a tunnel carries must quote the outermost addresses, protocol, identification and 8
 * bytes.
 * Sequence numbers are compared modulo 2^32. */
bool sonde_match(struct sonde_match *out, const struct sonde_question *q, const struct sonde_packet *got);

/* What a packet says of the question that it may answer, before any question is at hand: who was asked, and the
 * number by which questions to the same are told apart. */
struct sonde_answer_key {
	struct sonde_addr host;  /* the source; of an ICMP error, the destination in the quote; ARP: the sender */
	uint8_t ip_proto;        /* what IP carries, in the quote where there is one; ARP: 0 */
	uint16_t number;         /* our port, or the sequence number of an ICMP request; 0 where neither is there */
	uint8_t ttl;             /* of the answer's own IP header */
	uint32_t size;           /* bytes behind the answer's own IP header */
};

/* Read the key of a dissected packet. Returns false when it is nobody's answer: no IP layer and no ARP. */
bool sonde_answer_key(struct sonde_answer_key *out, const struct sonde_packet *got);

/* The pair of sockets that a question is about: local is the source. */
struct sonde_pair sonde_question_pair(const struct sonde_question *q);

#endif
