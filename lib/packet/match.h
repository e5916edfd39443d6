/* Is this the answer to that? One function for everything that waits for replies. */
#ifndef SONDE_PACKET_MATCH_H
#define SONDE_PACKET_MATCH_H

#include "packet/packet.h"
#include "packet/rules.h"

/* Take from a finished or dissected packet what its answers can be known by; sent->delivery says whether anybody may
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

/* What a question and its answers have in common, so that tables can find the one by the other. */
struct sonde_question_key {
	struct sonde_addr host;  /* who was asked; of family 0 where anybody may answer */
	uint32_t number;         /* our port << 16 | theirs, or identifier << 16 | sequence number; 0: neither */
};

struct sonde_question_key sonde_question_key(const struct sonde_question *q);

/* Whether two packets ask the same, as far as answers can tell. */
bool sonde_question_equal(const struct sonde_question *a, const struct sonde_question *b);

/* What a packet that came says of the question that it may answer. */
struct sonde_answer_key {
	struct sonde_question_key question; /* host: the source; of an ICMP error, the destination in the quote */
	uint32_t outermost;                 /* of an error: the question's, which may be all that it shows of it */
	uint8_t ttl;                        /* of the answer's own IP header */
	uint32_t size;                      /* bytes behind the answer's own IP header */
};

/* Read the key of a dissected packet. Returns false when it is nobody's answer: no IP layer and no ARP. */
bool sonde_answer_key(struct sonde_answer_key *out, const struct sonde_packet *got);

/* The pair of sockets that a question is about: local is the source. */
struct sonde_pair sonde_question_pair(const struct sonde_question *q);

#endif
